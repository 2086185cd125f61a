package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.AccessKind;
import hvsim.tlb.PageSize;
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table every account of nested paging starts with: (g + 1)(e + 1) - 1 references, uncached. */
class WalkReferencesTest {
    private static final long GVA = 0x7F12_3456_7000L;

    @ParameterizedTest
    @CsvSource({
        "SIZE_4K, SIZE_4K, 24", "SIZE_4K, SIZE_2M, 19", "SIZE_4K, SIZE_1G, 14",
        "SIZE_2M, SIZE_4K, 19", "SIZE_2M, SIZE_2M, 15", "SIZE_2M, SIZE_1G, 11",
        "SIZE_1G, SIZE_4K, 14", "SIZE_1G, SIZE_2M, 11", "SIZE_1G, SIZE_1G, 8",
    })
    void anUncachedNestedWalkTakes(PageSize guestPage, PageSize hostPage, int references) {
        TwoStages stages = new TwoStages(WalkSpec.UNCACHED, hostPage);
        stages.map(GVA, guestPage);
        Walk walk = stages.walk(GVA, Access.USER_READ);
        assertEquals(WalkOutcome.TRANSLATED, walk.outcome());
        int guest = 5 - guestPage.leafLevel();
        assertEquals(guest, walk.guestReferences());
        assertEquals(references - guest, walk.secondStageReferences());
        assertEquals(stages.expectedHpa(GVA), Translation.hpa(walk.translation(), GVA));
    }

    @ParameterizedTest
    @CsvSource({"SIZE_4K, 4", "SIZE_2M, 3", "SIZE_1G, 2"})
    void anUncachedNativeWalkTakesOneReferencePerLevel(PageSize page, int references) {
        PhysicalMemory memory = new PhysicalMemory(1L << 40);
        PageTable tables = PageTable.ofMachine(memory, 0x1000);
        long next = 0x2000;
        for (int level = tables.missingTable(GVA, page); level != 0; level = tables.missingTable(GVA, page)) {
            tables.link(GVA, level, next, true);
            next += 0x1000;
        }
        tables.setLeaf(GVA, page, GuestEntry.leaf(5 * page.bytes(), page, GuestEntry.USER));
        NestedWalker walker = new NestedWalker(memory, new WalkCaches(WalkSpec.UNCACHED));
        walker.enterNative(TwoStages.LONG, 0x1000, TwoStages.NO_PDPTES, new TlbTag().of(0, 0, TlbTag.NO_EP4TA));
        Walk walk = new Walk();
        assertTrue(walker.walk(GVA, AccessKind.READ, Access.USER_READ.rights(TwoStages.REGISTERS), walk));
        assertEquals(references, walk.guestReferences());
        assertEquals(0, walk.secondStageReferences());
        assertEquals(5 * page.bytes() | GVA & page.bytes() - 1, Translation.hpa(walk.translation(), GVA));
    }

    @Test
    void whatTheCachesSaveAndWhatIsReadAddUpToTheUncachedWalk() {
        WalkSpec spec = new WalkSpec(new WalkSpec.StructureCache(2, 4, 32), new WalkSpec.StructureCache(2, 4, 32), 16);
        TwoStages stages = new TwoStages(spec, PageSize.SIZE_4K);
        for (int page = 0; page < 3000; page++) {
            long gva = GVA + page * 7919L * 4096;
            stages.map(gva, PageSize.SIZE_4K);
            stages.walk(gva, Access.USER_READ);
        }
        WalkStats stats = stages.stats();
        assertEquals(3000, stats.translated());
        assertEquals(
                24 * stats.translated(),
                stats.guestReferences()
                        + stats.secondStageReferences()
                        + stats.savedByGuestCache()
                        + stats.savedByNestedTlb()
                        + stats.savedBySecondStageCache());
    }
}
