package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import hvsim.tlb.AccessKind;
import hvsim.tlb.Translation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes of 128-byte blocks in pages that may not be written (sub-page write permissions). */
class SubPagePermissionsTest {
    private static final long GPA = 0x123_4567_8000L;
    private static final int BLOCK = 21;
    private static final long WRITABLE = GPA + 128 * BLOCK + 5;
    private static final long ROOT = 1L << 30;
    private static final Access WRITE = Access.USER_WRITE;

    private final EptTables t = new EptTables(4).map(GPA, 1);

    @BeforeEach
    void letOneBlockBeWritten() {
        t.clear(GPA, 1, EptEntry.WRITE);
        t.set(GPA, 1, 1L << 61);
        for (int level = 4; level > 1; level--) {
            t.memory.write(entryHpa(level), ROOT + 0x1000L * (5 - level) | 1);
        }
        t.memory.write(entryHpa(1), 1L << 2 * BLOCK);
        t.stage.subPages().enter(true, ROOT);
    }

    private static long entryHpa(int level) {
        return ROOT + 0x1000L * (4 - level) | PageTable.entryOffset(GPA, level);
    }

    private void stopped(WalkOutcome outcome, StopCause cause, int level, long qualification) {
        assertEquals(outcome, t.walk.outcome());
        assertEquals(cause, t.walk.stopCause());
        assertEquals(level, t.walk.stopLevel());
        assertEquals(qualification, t.walk.qualification());
        assertEquals(WRITABLE, t.walk.gpa());
    }

    private void isAViolation(long gpa, Access access, StopCause cause) {
        assertEquals(SecondStageMapping.NONE, t.data(gpa, access));
        assertEquals(WalkOutcome.EPT_VIOLATION, t.walk.outcome());
        assertEquals(cause, t.walk.stopCause());
    }

    @Test
    void aWritableBlockMayBeWrittenAndItsPageStaysReadOnlyForAllThatIsRemembered() {
        long mapping = t.data(WRITABLE, WRITE);
        assertNotEquals(SecondStageMapping.NONE, mapping);
        assertEquals(0, SecondStageMapping.hostFlags(mapping) & Translation.HOST_WRITE);
        assertEquals(4 + 4, t.walk.secondStageReferences());
    }

    @Test
    void everyOtherBlockIsAViolation() {
        for (int block = 0; block < 32; block++) {
            if (block != BLOCK) {
                isAViolation(GPA + 128L * block + 127, WRITE, StopCause.SUB_PAGE);
                assertEquals(2 | 0b101 << 3 | EptTables.TRANSLATION, t.walk.qualification());
            }
        }
    }

    @Test
    void aWriteThatAlsoReadsIsAWrite() {
        Access modify = new Access(AccessKind.MODIFY, true, false);
        assertNotEquals(SecondStageMapping.NONE, t.data(WRITABLE, modify));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void anInvalidEntryIsAMiss(int level) {
        t.memory.write(entryHpa(level), t.memory.read(entryHpa(level)) & ~1);
        t.data(WRITABLE, WRITE);
        stopped(WalkOutcome.SPP_MISS, StopCause.NOT_PRESENT, level, 1 << 11);
        assertEquals(4 + 5 - level, t.walk.secondStageReferences());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void aReservedBitIsAMisconfiguration(int level) {
        long right = t.memory.read(entryHpa(level));
        for (int bit = 1; bit < 64; bit++) {
            if (bit < 12 || bit >= 46) {
                t.memory.write(entryHpa(level), right | 1L << bit);
                t.data(WRITABLE, WRITE);
                stopped(WalkOutcome.SPP_MISCONFIGURATION, StopCause.RESERVED_BIT, level, 0);
            }
        }
    }

    @Test
    void theLastEntryHasNoValidBitButReservedOnes() {
        for (int bit = 0; bit < 64; bit++) {
            t.memory.write(entryHpa(1), 1L << 2 * BLOCK | 1L << bit);
            t.data(WRITABLE, WRITE);
            if (bit % 2 == 1) {
                stopped(WalkOutcome.SPP_MISCONFIGURATION, StopCause.RESERVED_BIT, 1, 0);
            } else {
                assertEquals(WalkOutcome.TRANSLATED, t.walk.outcome());
            }
        }
    }

    @Test
    void theControlAndBit61AskForThem() {
        t.stage.subPages().enter(false, ROOT);
        isAViolation(WRITABLE, WRITE, StopCause.RIGHTS);
        t.stage.subPages().enter(true, ROOT | 0xFFF);
        assertNotEquals(SecondStageMapping.NONE, t.data(WRITABLE, WRITE));
        t.clear(GPA, 1, 1L << 61);
        isAViolation(WRITABLE, WRITE, StopCause.RIGHTS);
    }

    @Test
    void onlyWritesOfReadablePagesThroughALinearAddressAreJudgedByThem() {
        assertEquals(false, t.stage.mayWriteTable(WRITABLE, t.walk));
        assertEquals(StopCause.RIGHTS, t.walk.stopCause());
        t.clear(GPA, 3, EptEntry.EXECUTE);
        isAViolation(WRITABLE, new Access(AccessKind.FETCH, true, false), StopCause.RIGHTS);
        t.clear(GPA, 1, EptEntry.READ);
        isAViolation(WRITABLE, WRITE, StopCause.RIGHTS);
    }

    @Test
    void largePagesHaveNone() {
        long large = GPA + (4L << 21);
        t.map(large, 2);
        t.clear(large, 2, EptEntry.WRITE);
        t.set(large, 2, 1L << 61);
        isAViolation(large, WRITE, StopCause.RIGHTS);
    }

    @Test
    void aboveBit47NothingIsWritable() {
        long high = WRITABLE | 1L << 48;
        EptTables five = new EptTables(5).map(high, 1);
        five.clear(high, 1, EptEntry.WRITE);
        five.set(high, 1, 1L << 61);
        five.stage.subPages().enter(true, ROOT);
        five.data(high, WRITE);
        assertEquals(StopCause.SUB_PAGE, five.walk.stopCause());
    }
}
