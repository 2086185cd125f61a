package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import hvsim.tlb.PageSize;
import hvsim.tlb.Translation;
import org.junit.jupiter.api.Test;

/**
 * What is never cached (SDM vol. 3, 325384-059US, 4.10.2, 4.10.3 and 28.3.1): once software puts the entry right, the
 * next walk finds it, and nothing has to be invalidated.
 */
class NeverCachedTest {
    private static final long GVA = 0x7F12_3456_7000L;
    private static final WalkSpec.StructureCache MANY = new WalkSpec.StructureCache(8, 8, 8);
    private static final Access READ = Access.USER_READ;
    private static final Access WRITE = Access.USER_WRITE;

    private final TwoStages stages = new TwoStages(new WalkSpec(MANY, MANY, 64), PageSize.SIZE_4K);

    NeverCachedTest() {
        stages.map(GVA, PageSize.SIZE_4K);
    }

    private void isFoundOncePutRight(long hpa, long deviating, WalkOutcome outcome) {
        long right = stages.memory.read(hpa);
        stages.memory.write(hpa, deviating);
        assertEquals(outcome, stages.walk(GVA, READ).outcome());
        stages.memory.write(hpa, right);
        assertEquals(WalkOutcome.TRANSLATED, stages.walk(GVA, READ).outcome());
        stages.caches.clear();
    }

    @Test
    void aGuestEntryThatIsNotPresent() {
        for (int level = 4; level > 0; level--) {
            isFoundOncePutRight(stages.guest.entryHpa(GVA, level), 0, WalkOutcome.PAGE_FAULT);
        }
    }

    @Test
    void aGuestEntryWithAReservedBit() {
        for (int level = 4; level > 0; level--) {
            long hpa = stages.guest.entryHpa(GVA, level);
            isFoundOncePutRight(hpa, stages.memory.read(hpa) | 1L << 51, WalkOutcome.PAGE_FAULT);
        }
    }

    @Test
    void aSecondStageEntryThatIsNotPresent() {
        for (int level = 4; level > 0; level--) {
            isFoundOncePutRight(stages.ept.entryHpa(stages.gpa(GVA), level), 0, WalkOutcome.EPT_VIOLATION);
        }
    }

    @Test
    void aSecondStageEntryThatIsMisconfigured() {
        for (int level = 4; level > 0; level--) {
            long hpa = stages.ept.entryHpa(stages.gpa(GVA), level);
            isFoundOncePutRight(hpa, stages.memory.read(hpa) & ~EptEntry.READ, WalkOutcome.EPT_MISCONFIGURATION);
        }
    }

    @Test
    void aTranslationBeforeTheAccessedFlagsAreSet() {
        for (int level = 4; level > 0; level--) {
            long hpa = stages.guest.entryHpa(GVA, level);
            stages.memory.write(hpa, stages.memory.read(hpa) & ~GuestEntry.ACCESSED);
        }
        stages.walk(GVA, READ);
        for (int level = 4; level > 0; level--) {
            assertNotEquals(0, stages.guest.entry(GVA, level) & GuestEntry.ACCESSED);
        }
    }

    @Test
    void aSecondStageTranslationBeforeTheAccessedFlagsAreSet() {
        stages.keepAccessedAndDirty();
        stages.walk(GVA, READ);
        for (int level = 4; level > 0; level--) {
            assertNotEquals(0, stages.ept.entry(stages.gpa(GVA), level) & EptEntry.ACCESSED);
        }
        assertEquals(0, stages.ept.entry(stages.gpa(GVA), 1) & EptEntry.DIRTY);
        assertEquals(0, stages.walk(GVA, READ).translation() & Translation.HOST_DIRTY);
    }

    @Test
    void aWriteableTranslationBeforeTheDirtyFlagsAreSet() {
        long leaf = stages.guest.entryHpa(GVA, 1);
        stages.memory.write(leaf, stages.memory.read(leaf) & ~GuestEntry.DIRTY);
        stages.keepAccessedAndDirty();
        assertEquals(0, stages.walk(GVA, READ).translation() & Translation.DIRTY);
        assertNotEquals(0, stages.walk(GVA, WRITE).translation() & Translation.DIRTY);
        assertNotEquals(0, stages.guest.entry(GVA, 1) & GuestEntry.DIRTY);
        assertNotEquals(0, stages.ept.entry(stages.gpa(GVA), 1) & EptEntry.DIRTY);
    }

    @Test
    void theGlobalBitOfATableEntry() {
        for (int level = 4; level > 1; level--) {
            long hpa = stages.guest.entryHpa(GVA, level);
            stages.memory.write(hpa, stages.memory.read(hpa) | GuestEntry.GLOBAL);
        }
        assertEquals(0, stages.walk(GVA, READ).translation() & Translation.GLOBAL);
        assertEquals(0, stages.walk(GVA, READ).translation() & Translation.GLOBAL);
    }

    @Test
    void anythingOfAStoppedWalk() {
        long leaf = stages.guest.entryHpa(GVA, 1);
        long right = stages.memory.read(leaf);
        stages.memory.write(leaf, right & ~GuestEntry.USER);
        assertEquals(WalkOutcome.PAGE_FAULT, stages.walk(GVA, READ).outcome());
        stages.memory.write(leaf, right);
        assertEquals(4, stages.walk(GVA, READ).guestReferences());
    }
}
