package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Walks that log the pages whose dirty flags they set (SDM vol. 3, 325384-059US, 28.2.5). */
class PageModificationLogTest {
    private static final long GPA = 0x123_4567_8A90L;
    private static final long LOG = 1L << 30;
    private static final long FLAGS = 3 << 8;

    private final EptTables t = new EptTables(4).map(GPA, 1).map(GPA + (4L << 21), 2);

    @BeforeEach
    void enable() {
        t.enter(true, false);
        t.stage.log().enter(true, LOG, 511);
    }

    private int entries() {
        return 511 - t.stage.log().index();
    }

    @Test
    void aWriteIsLoggedOnceUntilSoftwareClearsTheFlag() {
        t.data(GPA, Access.USER_READ);
        assertEquals(0, entries());
        t.data(GPA, Access.USER_WRITE);
        t.data(GPA, Access.USER_WRITE);
        assertEquals(1, entries());
        assertEquals(GPA & -4096L, t.memory.read(LOG + 8 * 511));
        t.clear(GPA, 1, EptEntry.DIRTY);
        t.data(GPA, Access.USER_WRITE);
        assertEquals(2, entries());
    }

    @Test
    void aGuestsTableIsLoggedWhenAWalkReadsIt() {
        t.table(GPA);
        assertEquals(1, entries());
        assertEquals(GPA & -4096L, t.memory.read(LOG + 8 * 511));
    }

    @Test
    void aRegisterLoadIsNotLogged() {
        t.stage.translateRegister(GPA, t.walk);
        assertEquals(0, entries());
    }

    @Test
    void ofALargePageTheFirstWrittenFrameIsLoggedAndNoOther() {
        long large = GPA + (4L << 21);
        t.data(large, Access.USER_WRITE);
        t.data(large + 0x1000, Access.USER_WRITE);
        assertEquals(1, entries());
        assertEquals(large & -4096L, t.memory.read(LOG + 8 * 511));
    }

    @Test
    void withoutDirtyFlagsNothingIsLogged() {
        t.enter(false, false);
        t.data(GPA, Access.USER_WRITE);
        assertEquals(0, entries());
    }

    @Test
    void aFullLogStopsTheAccessBeforeAnyFlagIsSet() {
        t.stage.log().enter(true, LOG, 0xFFFF);
        for (Access access : new Access[] {Access.USER_READ, Access.USER_WRITE}) {
            assertEquals(SecondStageMapping.NONE, t.data(GPA, access));
            assertEquals(WalkOutcome.PML_FULL, t.walk.outcome());
            assertEquals(StopCause.LOG_FULL, t.walk.stopCause());
            assertEquals(GPA, t.walk.gpa());
        }
        for (int level = 1; level <= 4; level++) {
            assertEquals(0, t.entry(GPA, level) & FLAGS);
        }
        assertEquals(0xFFFF, t.stage.log().index());
    }

    @Test
    void aFullLogStopsNothingThatNeedsNoFlag() {
        t.data(GPA, Access.USER_WRITE);
        t.stage.log().enter(true, LOG, 0xFFFF);
        assertNotEquals(SecondStageMapping.NONE, t.data(GPA, Access.USER_WRITE));
        assertNotEquals(SecondStageMapping.NONE, t.data(GPA, Access.USER_READ));
        assertEquals(0xFFFF, t.stage.log().index());
    }

    @Test
    void aMissingRightComesBeforeAFullLog() {
        t.stage.log().enter(true, LOG, 0xFFFF);
        t.clear(GPA, 1, EptEntry.WRITE);
        t.data(GPA, Access.USER_WRITE);
        assertEquals(WalkOutcome.EPT_VIOLATION, t.walk.outcome());
    }
}
