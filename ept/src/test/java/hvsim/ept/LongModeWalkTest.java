package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.Translation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IA-32e paging with 4 and 5 levels: what stops a walk, where, and what the error code says (SDM vol. 3, 4.5 to 4.7). */
class LongModeWalkTest {
    private static final long LA57 = 1 << 12;
    private static final long PKE = 1 << 22;
    private static final long PGE = 1 << 7;
    private static final long SMAP = 1 << 21;
    private static final long GVA = 0x1F4_1234_5678_9ABCL & (1L << 57) - 1;
    private static final long FRAME = 0x3_2109_8000L;
    private static final long KEY_5 = 5L << 59;

    private final NativeTables tables = new NativeTables(WalkSpec.UNCACHED);

    /** Tables at 0x1000 times 6 less the level; the PML4 also serves as the root of 4 levels. */
    @BeforeEach
    void map() {
        for (int level = 5; level > 1; level--) {
            set(level, tableOf(level - 1) | 0x27);
        }
        set(1, FRAME | NativeTables.USED);
        enter(true, 0, 0);
    }

    private static long tableOf(int level) {
        return NativeTables.ROOT * (6 - level);
    }

    private static long index(int level) {
        return GVA >>> 12 + 9 * (level - 1) & 511;
    }

    private void set(int level, long entry) {
        tables.set(tableOf(level), index(level), entry);
    }

    private long entry(int level) {
        return tables.memory.read(tableOf(level) + 8 * index(level));
    }

    private void enter(boolean user, long cr4, int pkru) {
        long all = NativeTables.PAE | LA57 | cr4;
        tables.enter(user, NativeTables.CR0, all, NativeTables.LONG | NativeTables.NXE, pkru);
    }

    @Test
    void fiveEntriesLeadToThePage() {
        assertTrue(tables.read(GVA));
        assertEquals(5, tables.walk.guestReferences());
        assertEquals(FRAME | GVA & 0xFFF, Translation.hpa(tables.walk.translation(), GVA));
        assertEquals(StopCause.NONE, tables.walk.stopCause());
        assertEquals(0, tables.walk.stopLevel());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void anEntryThatIsNotPresentStopsTheWalkAtItsLevel(int level) {
        set(level, entry(level) & ~1L);
        assertFalse(tables.write(GVA));
        assertEquals(0b110, tables.walk.errorCode());
        assertEquals(6 - level, tables.walk.guestReferences());
        assertEquals(StopCause.NOT_PRESENT, tables.walk.stopCause());
        assertEquals(level, tables.walk.stopLevel());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aReservedBitStopsTheWalkAtItsLevel(int level) {
        set(level, entry(level) | 1L << 51);
        assertFalse(tables.fetch(GVA));
        assertEquals(0b11101, tables.walk.errorCode());
        assertEquals(StopCause.RESERVED_BIT, tables.walk.stopCause());
        assertEquals(level, tables.walk.stopLevel());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aMissingRightAtAnyLevelIsFoundAtTheLeaf(int level) {
        set(level, entry(level) & ~2L);
        assertFalse(tables.write(GVA));
        assertEquals(0b111, tables.walk.errorCode());
        assertEquals(StopCause.RIGHTS, tables.walk.stopCause());
        assertEquals(1, tables.walk.stopLevel());
    }

    @Test
    void allBitsAboveThe48thAreLikeItWithFourLevels() {
        tables.enter(true, NativeTables.CR0, NativeTables.PAE, NativeTables.LONG, 0);
        assertFalse(tables.read(1L << 47));
        assertEquals(WalkOutcome.NON_CANONICAL, tables.walk.outcome());
        assertEquals(StopCause.NON_CANONICAL, tables.walk.stopCause());
        assertEquals(0, tables.walk.guestReferences());
        assertFalse(tables.read((1L << 57) - (1L << 48)));
        assertEquals(WalkOutcome.NON_CANONICAL, tables.walk.outcome());
        assertFalse(tables.read((1L << 57) - (1L << 47)));
        assertEquals(WalkOutcome.PAGE_FAULT, tables.walk.outcome());
        assertFalse(tables.read((1L << 47) - 1));
        assertEquals(WalkOutcome.PAGE_FAULT, tables.walk.outcome());
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 47, 1L << 55, 1L << 56, (1L << 57) - 1})
    void withFiveLevelsTheyAreCanonical(long gva) {
        assertFalse(tables.read(gva));
        assertEquals(WalkOutcome.PAGE_FAULT, tables.walk.outcome());
    }

    @Test
    void aKeyOfTheLeafForbidsData() {
        set(1, FRAME | KEY_5 | NativeTables.USED);
        enter(true, PKE, 1 << 10);
        assertFalse(tables.read(GVA));
        assertEquals(0b100101, tables.walk.errorCode());
        assertEquals(StopCause.PROTECTION_KEY, tables.walk.stopCause());
        assertEquals(1, tables.walk.stopLevel());
        assertTrue(tables.fetch(GVA));
        assertEquals(5, Translation.key(tables.walk.translation()));
        enter(true, 0, 1 << 10);
        assertTrue(tables.read(GVA));
    }

    @Test
    void keysOfTablesMeanNothing() {
        set(2, entry(2) | KEY_5);
        enter(true, PKE, 1 << 10);
        assertTrue(tables.read(GVA));
        assertEquals(0, Translation.key(tables.walk.translation()));
    }

    @Test
    void aKeySaysNothingOfSupervisorPages() {
        set(1, FRAME | KEY_5 | NativeTables.USED & ~4L);
        enter(false, PKE, -1);
        assertTrue(tables.write(GVA));
        enter(true, PKE, -1);
        assertFalse(tables.write(GVA));
        assertEquals(0b111, tables.walk.errorCode());
    }

    @ParameterizedTest
    @CsvSource({"true, 2", "false, 0"})
    void theErrorCodeNamesTheKeyWhateverElseForbidsTheAccess(boolean user, long missing) {
        set(1, FRAME | KEY_5 | NativeTables.USED & ~missing);
        enter(user, PKE | SMAP, 1 << 10);
        assertFalse(tables.write(GVA));
        assertEquals(user ? 0b100111 : 0b100011, tables.walk.errorCode());
        assertEquals(StopCause.RIGHTS, tables.walk.stopCause());
    }

    @Test
    void aRefusedAccessSetsNoFlag() {
        for (int level = 5; level > 0; level--) {
            set(level, entry(level) & ~0x60L);
        }
        set(1, FRAME | KEY_5 | 7);
        enter(true, PKE, 1 << 11);
        assertFalse(tables.write(GVA));
        for (int level = 5; level > 0; level--) {
            assertEquals(0, entry(level) & 0x60, "level " + level);
        }
        assertTrue(tables.read(GVA));
        for (int level = 5; level > 0; level--) {
            assertEquals(0x20, entry(level) & 0x60, "level " + level);
        }
        enter(true, PKE, 0);
        assertTrue(tables.write(GVA));
        assertEquals(0x60, entry(1) & 0x60);
        assertEquals(0x20, entry(2) & 0x60);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pagesAreGlobalOnlyWithPge(boolean pge) {
        set(1, FRAME | NativeTables.USED | 1 << 8);
        enter(true, pge ? PGE : 0, 0);
        assertTrue(tables.read(GVA));
        assertEquals(pge, (Translation.flags(tables.walk.translation()) & Translation.GLOBAL) != 0);
    }
}
