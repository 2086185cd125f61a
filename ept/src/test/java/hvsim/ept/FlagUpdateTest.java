package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import hvsim.tlb.Invalidation;
import hvsim.tlb.PageSize;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Flags of a guest's table that the hypervisor write-protects, without accessed and dirty flags in the second stage
 * (SDM vol. 3, 325384-059US, 28.2.3.2 and 28.3.3.1).
 */
class FlagUpdateTest {
    private static final long GVA = 0x7F12_3456_7000L;
    private static final long NEIGHBOUR = GVA + 0x1000;
    private static final WalkSpec.StructureCache CACHE = new WalkSpec.StructureCache(2, 4, 32);

    private final TwoStages stages = new TwoStages(new WalkSpec(CACHE, CACHE, 64), PageSize.SIZE_4K);
    private long tableGpa;
    private long protectedEntry;

    /** The page table is known to be read-only; the neighbour's accessed flag is still to be set. */
    @BeforeEach
    void protectTheTable() {
        stages.map(GVA, PageSize.SIZE_4K);
        stages.map(NEIGHBOUR, PageSize.SIZE_4K);
        long leaf = stages.guest.entryHpa(NEIGHBOUR, 1);
        stages.memory.write(leaf, stages.memory.read(leaf) & ~GuestEntry.ACCESSED);
        tableGpa = stages.guest.tableAddress(NEIGHBOUR, 1);
        protectedEntry = stages.ept.entryHpa(tableGpa, 1);
        stages.memory.write(protectedEntry, stages.memory.read(protectedEntry) & ~EptEntry.WRITE);
        assertEquals(WalkOutcome.TRANSLATED, stages.walk(GVA, Access.USER_READ).outcome());
    }

    @Test
    void anAccessedFlagInATableThatMayNotBeWrittenIsAnEptViolationByAReadAndAWriteOfTheEntry() {
        Walk walk = stages.walk(NEIGHBOUR, Access.USER_READ);
        assertEquals(WalkOutcome.EPT_VIOLATION, walk.outcome());
        assertEquals(tableGpa + PageTable.entryOffset(NEIGHBOUR, 1), walk.gpa());
        assertEquals(1 << 7 | 0b101 << 3 | 0b11, walk.qualification());
        assertEquals(0, stages.guest.entry(NEIGHBOUR, 1) & GuestEntry.ACCESSED);
    }

    @Test
    void aTableMadeWritableNeedsNoMoreThanTheViolationItself() {
        Walk walk = stages.walk(NEIGHBOUR, Access.USER_READ);
        stages.memory.write(protectedEntry, stages.memory.read(protectedEntry) | EptEntry.WRITE);
        stages.caches.invalidate(Invalidation.eptViolation(TwoStages.EPT_ROOT, walk.gpa()), stages.tags);
        assertEquals(
                WalkOutcome.TRANSLATED, stages.walk(NEIGHBOUR, Access.USER_READ).outcome());
        assertNotEquals(0, stages.guest.entry(NEIGHBOUR, 1) & GuestEntry.ACCESSED);
    }
}
