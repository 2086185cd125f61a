package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.PageSize;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A dirty flag that is to be set in a table of the guest that the second stage lets be read only, walked to before. */
class ReadOnlyTablesTest {
    private static final long GVA = 0x7F12_3456_7000L;
    private static final long OTHER = GVA ^ 1L << 21;
    private static final WalkSpec.StructureCache NONE = new WalkSpec.StructureCache(0, 0, 0);

    private final TwoStages cached =
            new TwoStages(new WalkSpec(new WalkSpec.StructureCache(4, 4, 4), NONE, 0), PageSize.SIZE_4K);

    @BeforeEach
    void map() {
        prepare(cached);
    }

    private static void prepare(TwoStages stages) {
        stages.map(GVA, PageSize.SIZE_4K);
        stages.map(OTHER, PageSize.SIZE_4K);
        clear(stages, 1, GuestEntry.DIRTY);
        allow(stages, 1, EptEntry.READ);
        stages.walk(GVA, Access.USER_READ);
        stages.walk(OTHER, Access.USER_READ);
    }

    private static void clear(TwoStages stages, int level, long flags) {
        long hpa = stages.guest.entryHpa(GVA, level);
        stages.memory.write(hpa, stages.memory.read(hpa) & ~flags);
    }

    private static void allow(TwoStages stages, int level, long rights) {
        long table = stages.guest.tableAddress(GVA, level);
        long page = stages.ept.translate(table);
        stages.ept.setLeaf(table, PageSize.SIZE_4K, EptEntry.leaf(page, PageSize.SIZE_4K, rights));
    }

    private static void isRefused(TwoStages stages, int level) {
        Walk write = stages.walk(GVA, Access.USER_WRITE);
        assertEquals(WalkOutcome.EPT_VIOLATION, write.outcome());
        assertEquals(stages.guest.tableAddress(GVA, level) | PageTable.entryOffset(GVA, level), write.gpa());
    }

    @Test
    void isAViolationAtTheEntry() {
        isRefused(cached, 1);
        TwoStages uncached = new TwoStages(WalkSpec.UNCACHED, PageSize.SIZE_4K);
        prepare(uncached);
        isRefused(uncached, 1);
    }

    @Test
    void isSetOnceTheSecondStageAllowsIt() {
        allow(cached, 1, EptEntry.RIGHTS);
        cached.walk(GVA, Access.USER_WRITE);
        assertEquals(3, cached.stats().translated());
        assertEquals(GuestEntry.DIRTY, cached.guest.entry(GVA, 1) & GuestEntry.DIRTY);
    }

    @Test
    void isAViolationAtTheRootsEntryTooIfThatLacksItsAccessedFlag() {
        clear(cached, 4, GuestEntry.ACCESSED);
        allow(cached, 4, EptEntry.READ);
        cached.caches.clear();
        isRefused(cached, 4);
    }
}
