package hvsim.ept;

import static hvsim.ept.EptTables.ALL;
import static hvsim.ept.EptTables.LINEAR;
import static hvsim.ept.EptTables.TRANSLATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.AccessKind;
import hvsim.tlb.Translation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One walk of the second stage: where it comes out, or why, where and with what qualification it stops (28.2). */
class SecondStageTest {
    private static final long GPA = 0x123_4567_8A90L;
    private static final Access READ = Access.USER_READ;
    private static final Access WRITE = Access.USER_WRITE;
    private static final Access FETCH = new Access(AccessKind.FETCH, true, false);
    private static final int SUPERVISOR_PAGE = Translation.SUPERVISOR | Translation.GUEST_EXECUTE;

    private static void stoppedAt(EptTables t, WalkOutcome outcome, StopCause cause, int level) {
        assertEquals(outcome, t.walk.outcome());
        assertEquals(cause, t.walk.stopCause());
        assertEquals(level, t.walk.stopLevel());
    }

    @ParameterizedTest
    @CsvSource({"4, 1, 4", "4, 2, 3", "4, 3, 2", "5, 1, 5", "5, 2, 4", "5, 3, 3"})
    void readsOneEntryALevel(int levels, int leafLevel, int references) {
        EptTables t = new EptTables(levels).map(GPA, leafLevel);
        long mapping = t.data(GPA, READ);
        assertEquals(EptTables.BASE | GPA & -4096L, SecondStageMapping.frameHpa(mapping));
        assertEquals(leafLevel, SecondStageMapping.leafLevel(mapping));
        assertEquals(references, t.walk.secondStageReferences());
        assertEquals(references, t.stage.references());
    }

    @Test
    void fourLevelsReachBit47AndNoFurther() {
        EptTables four = new EptTables(4).map(GPA, 1);
        for (int bit = 48; bit < 52; bit++) {
            assertEquals(SecondStageMapping.NONE, four.data(GPA | 1L << bit, READ));
            stoppedAt(four, WalkOutcome.EPT_VIOLATION, StopCause.ADDRESS_WIDTH, 0);
            assertEquals(1 | TRANSLATION, four.walk.qualification());
            assertEquals(GPA | 1L << bit, four.walk.gpa());
            assertFalse(four.walk.isConvertible());
            assertEquals(0, four.walk.secondStageReferences());
        }
        EptTables five = new EptTables(5).map(GPA | 0xFL << 48, 1);
        assertNotEquals(SecondStageMapping.NONE, five.data(GPA | 0xFL << 48, READ));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void anEntryThatIsNotPresentSaysItselfWhetherItMayBeAnException(int level) {
        EptTables t = new EptTables(5).map(GPA, 1);
        t.clear(GPA, level, -1);
        t.set(GPA, level, ~(long) ALL & ~EptEntry.SUPPRESS_VE);
        assertEquals(SecondStageMapping.NONE, t.data(GPA, WRITE));
        stoppedAt(t, WalkOutcome.EPT_VIOLATION, StopCause.NOT_PRESENT, level);
        assertEquals(2 | TRANSLATION, t.walk.qualification());
        assertEquals(GPA, t.walk.gpa());
        assertTrue(t.walk.isConvertible());
        assertEquals(6 - level, t.walk.secondStageReferences());
        t.set(GPA, level, EptEntry.SUPPRESS_VE);
        t.data(GPA, WRITE);
        assertFalse(t.walk.isConvertible());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aRightThatAnyEntryLacksIsReportedOfAllAndTheLeafSaysWhetherItMayBeAnException(int level) {
        EptTables t = new EptTables(5).map(GPA, 1);
        t.clear(GPA, level, EptEntry.WRITE);
        assertNotEquals(SecondStageMapping.NONE, t.data(GPA, READ));
        assertEquals(SecondStageMapping.NONE, t.data(GPA, WRITE));
        stoppedAt(t, WalkOutcome.EPT_VIOLATION, StopCause.RIGHTS, 1);
        assertEquals(2 | 0b101 << 3 | TRANSLATION, t.walk.qualification());
        assertTrue(t.walk.isConvertible());
        t.set(GPA, 2, EptEntry.SUPPRESS_VE);
        t.data(GPA, WRITE);
        assertTrue(t.walk.isConvertible());
        t.set(GPA, 1, EptEntry.SUPPRESS_VE);
        t.data(GPA, WRITE);
        assertFalse(t.walk.isConvertible());
    }

    @Test
    void aMalformedEntryWinsOverAMissingRightAbove() {
        EptTables t = new EptTables(4).map(GPA, 1);
        t.clear(GPA, 4, EptEntry.WRITE);
        t.set(GPA, 1, 1L << 50);
        t.data(GPA, WRITE);
        stoppedAt(t, WalkOutcome.EPT_MISCONFIGURATION, StopCause.RESERVED_BIT, 1);
        assertEquals(GPA, t.walk.gpa());
        assertEquals(4, t.walk.secondStageReferences());
    }

    @Test
    void anEntryThatIsNotPresentIsNeverMalformed() {
        EptTables t = new EptTables(4).map(GPA, 1);
        t.set(GPA, 2, 1L << 50);
        t.clear(GPA, 2, ALL);
        t.data(GPA, WRITE);
        stoppedAt(t, WalkOutcome.EPT_VIOLATION, StopCause.NOT_PRESENT, 2);
    }

    @Test
    void withoutTheCapabilityNothingIsSaidOfTheGuestsTables() {
        PagingCapability plain = new PagingCapability(46, true, ~EptVpidCapability.ADVANCED_VIOLATION_INFORMATION);
        EptTables t = new EptTables(4, WalkSpec.UNCACHED, plain, WalkJournal.NONE);
        t.data(GPA, READ);
        assertEquals(1 | 3 << 7, t.walk.qualification());
    }

    @Test
    void withModeBasedExecutionTheModeOfTheAddressDecides() {
        EptTables t = new EptTables(4, new WalkSpec(NONE, NONE, 8), PagingCapability.ALL, WalkJournal.NONE).map(GPA, 1);
        t.enter(false, true);
        t.clear(GPA, 1, EptEntry.EXECUTE);
        assertEquals(0x1F0 & ~0x80, SecondStageMapping.hostFlags(t.data(GPA, FETCH)));
        assertEquals(0, t.data(GPA, FETCH, SUPERVISOR_PAGE) & EptEntry.EXECUTE);
        assertEquals(4 | 0b1011 << 3 | 3 << 7, t.walk.qualification());
        assertEquals(0, t.data(GPA, READ, SUPERVISOR_PAGE) & EptEntry.EXECUTE);
        assertNotEquals(0, t.data(GPA, READ) & EptEntry.EXECUTE);
    }

    @Test
    void withModeBasedExecutionXIsForSupervisorsOnly() {
        EptTables t = new EptTables(4).map(GPA, 1);
        t.enter(false, true);
        t.clear(GPA, 3, EptEntry.USER_EXECUTE);
        assertNotEquals(SecondStageMapping.NONE, t.data(GPA, FETCH, SUPERVISOR_PAGE));
        assertEquals(SecondStageMapping.NONE, t.data(GPA, FETCH));
        assertEquals(4 | 0b0111 << 3 | TRANSLATION, t.walk.qualification());
        t.enter(false, false);
        assertNotEquals(SecondStageMapping.NONE, t.data(GPA, FETCH));
    }

    @Test
    void anEntryForUserExecutionAloneIsPresentWithModeBasedExecutionOnly() {
        EptTables t = new EptTables(4).map(GPA, 1);
        t.clear(GPA, 1, EptEntry.RIGHTS);
        t.data(GPA, FETCH);
        stoppedAt(t, WalkOutcome.EPT_VIOLATION, StopCause.NOT_PRESENT, 1);
        t.enter(false, true);
        assertNotEquals(SecondStageMapping.NONE, t.data(GPA, FETCH));
        t.data(GPA, READ);
        stoppedAt(t, WalkOutcome.EPT_VIOLATION, StopCause.RIGHTS, 1);
        assertEquals(1 | 0b1000 << 3 | TRANSLATION, t.walk.qualification());
    }

    @Test
    void aTableOfTheGuestIsReadOrWithAccessedAndDirtyFlagsWritten() {
        EptTables t = new EptTables(4).map(GPA, 1);
        t.clear(GPA, 1, EptEntry.WRITE);
        assertNotEquals(SecondStageMapping.NONE, t.table(GPA));
        assertFalse(t.stage.mayWriteTable(GPA, t.walk));
        assertEquals(3 | 0b101 << 3 | LINEAR, t.walk.qualification());
        t.clear(GPA, 1, EptEntry.RIGHTS);
        t.table(GPA);
        assertEquals(1 | LINEAR, t.walk.qualification());
        t.enter(true, false);
        t.table(GPA);
        assertEquals(3 | LINEAR, t.walk.qualification());
        t.set(GPA, 1, EptEntry.RIGHTS);
        assertNotEquals(SecondStageMapping.NONE, t.table(GPA));
        assertEquals(EptEntry.ACCESSED | EptEntry.DIRTY, t.entry(GPA, 1) & 3 << 8);
        for (int level = 2; level <= 4; level++) {
            assertEquals(EptEntry.ACCESSED, t.entry(GPA, level) & 3 << 8);
        }
    }

    @Test
    void registersOfPaePagingAreLoadedByPlainReadsWithoutALinearAddress() {
        EptTables t = new EptTables(4).map(GPA, 1);
        t.enter(true, false);
        t.clear(GPA, 1, EptEntry.WRITE);
        assertNotEquals(SecondStageMapping.NONE, t.stage.translateRegister(GPA, t.walk));
        assertEquals(EptEntry.ACCESSED, t.entry(GPA, 1) & 3 << 8);
        t.clear(GPA, 1, EptEntry.READ);
        t.stage.translateRegister(GPA, t.walk);
        assertEquals(1 | 0b100 << 3, t.walk.qualification());
    }

    @Test
    void flagsStayAsTheyAreUnlessThePointerAsks() {
        EptTables t = new EptTables(4).map(GPA, 1);
        assertEquals(Translation.HOST_DIRTY, SecondStageMapping.hostFlags(t.data(GPA, WRITE)) & Translation.HOST_DIRTY);
        assertEquals(0, t.entry(GPA, 1) & 3 << 8);
        t.enter(true, false);
        assertEquals(0, SecondStageMapping.hostFlags(t.data(GPA, READ)) & Translation.HOST_DIRTY);
        assertEquals(EptEntry.ACCESSED, t.entry(GPA, 1) & 3 << 8);
        assertEquals(Translation.HOST_DIRTY, SecondStageMapping.hostFlags(t.data(GPA, WRITE)) & Translation.HOST_DIRTY);
        assertEquals(3 << 8, t.entry(GPA, 1) & 3 << 8);
    }

    @Test
    void aStoppedWalkSetsNoFlag() {
        EptTables t = new EptTables(4).map(GPA, 1);
        t.enter(true, false);
        t.clear(GPA, 1, EptEntry.WRITE);
        t.data(GPA, WRITE);
        for (int level = 1; level <= 4; level++) {
            assertEquals(0, t.entry(GPA, level) & 3 << 8);
        }
    }

    private static final WalkSpec.StructureCache NONE = new WalkSpec.StructureCache(0, 0, 0);

    @ParameterizedTest
    @CsvSource({"1, 0, 0, 0, 4", "0, 1, 0, 0, 3", "0, 0, 1, 0, 2", "0, 0, 0, 1, 1", "1, 1, 1, 1, 1"})
    void structureCachesLeaveTheLevelsBelow(int pml5e, int pml4e, int pdpte, int pde, int left) {
        WalkSpec spec = new WalkSpec(NONE, new WalkSpec.StructureCache(pml5e, pml4e, pdpte, pde), 0);
        EptTables t = new EptTables(5, spec, PagingCapability.ALL, WalkJournal.NONE).map(GPA, 1);
        t.clear(GPA, 5, EptEntry.EXECUTE);
        t.data(GPA, READ);
        long mapping = t.data(GPA, READ);
        assertEquals(left, t.walk.secondStageReferences());
        assertEquals(5 - left, t.stage.savedByStructureCache());
        assertEquals(0, mapping & EptEntry.EXECUTE);
        t.data(GPA, FETCH);
        assertEquals(4 | 0b011 << 3 | TRANSLATION, t.walk.qualification());
    }

    @Test
    void theNestedTlbSavesTheWholeWalk() {
        EptTables t = new EptTables(5, new WalkSpec(NONE, NONE, 4), PagingCapability.ALL, WalkJournal.NONE);
        t.map(GPA, 2).data(GPA, READ);
        t.data(GPA, READ);
        assertEquals(0, t.walk.secondStageReferences());
        assertEquals(4, t.stage.savedByNestedTlb());
    }

    @Test
    void theNestedTlbKeepsWhatWasUsedLast() {
        EptTables t = new EptTables(4, new WalkSpec(NONE, NONE, 2), PagingCapability.ALL, WalkJournal.NONE);
        t.map(GPA, 1).map(GPA + 0x1000, 1).map(GPA + 0x2000, 1);
        t.data(GPA, READ);
        t.data(GPA + 0x1000, READ);
        for (long gpa : new long[] {GPA + 0x1000, GPA}) {
            t.data(gpa, READ);
            assertEquals(0, t.walk.secondStageReferences());
        }
        t.data(GPA + 0x2000, READ);
        t.data(GPA, READ);
        assertEquals(0, t.walk.secondStageReferences());
    }

    @Test
    void aViolationDropsWhatTheNestedTlbHasOfTheAddress() {
        EptTables t = new EptTables(4, new WalkSpec(NONE, NONE, 4), PagingCapability.ALL, WalkJournal.NONE);
        t.map(GPA, 1).clear(GPA, 1, EptEntry.WRITE);
        t.data(GPA, READ);
        assertEquals(SecondStageMapping.NONE, t.data(GPA, WRITE));
        t.data(GPA, READ);
        assertEquals(4, t.walk.secondStageReferences());
    }
}
