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
    @CsvSource({
        "5, SIZE_4K, 5, SIZE_4K, 35", "5, SIZE_4K, 5, SIZE_2M, 29", "5, SIZE_4K, 5, SIZE_1G, 23",
        "5, SIZE_2M, 5, SIZE_4K, 29", "5, SIZE_2M, 5, SIZE_2M, 24", "5, SIZE_2M, 5, SIZE_1G, 19",
        "5, SIZE_1G, 5, SIZE_4K, 23", "5, SIZE_1G, 5, SIZE_2M, 19", "5, SIZE_1G, 5, SIZE_1G, 15",
        "5, SIZE_4K, 4, SIZE_4K, 29", "4, SIZE_4K, 5, SIZE_4K, 29", "4, SIZE_1G, 5, SIZE_2M, 14",
    })
    void withFiveLevelsItTakes(int guestLevels, PageSize guestPage, int hostLevels, PageSize hostPage, int references) {
        TwoStages stages = new TwoStages(WalkSpec.UNCACHED, guestLevels, hostPage, hostLevels);
        long gva = guestLevels == 5 ? GVA | 0x1A5L << 48 : GVA;
        stages.map(gva, guestPage);
        Walk walk = stages.walk(gva, Access.USER_READ);
        assertEquals(WalkOutcome.TRANSLATED, walk.outcome());
        int guest = guestLevels + 1 - guestPage.leafLevel();
        assertEquals(guest, walk.guestReferences());
        assertEquals(references - guest, walk.secondStageReferences());
        assertEquals(stages.expectedHpa(gva), Translation.hpa(walk.translation(), gva));
    }

    @ParameterizedTest
    @CsvSource({"0, 35", "4, 24"})
    void aPml5EntryThatIsRememberedSavesItsReferencesAndThoseToFindTheNextTable(int pml5e, int references) {
        WalkSpec.StructureCache guest = new WalkSpec.StructureCache(pml5e, 0, 0, 0);
        WalkSpec spec = new WalkSpec(guest, new WalkSpec.StructureCache(0, 0, 0), 0);
        TwoStages stages = new TwoStages(spec, 5, PageSize.SIZE_4K, 5);
        stages.map(GVA, PageSize.SIZE_4K);
        stages.walk(GVA, Access.USER_READ);
        Walk again = stages.walk(GVA, Access.USER_READ);
        assertEquals(references, again.guestReferences() + again.secondStageReferences());
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
