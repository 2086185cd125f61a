package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an entry is by its bits alone, of the guest's tables (SDM vol. 3, 325384-059US, 4.5) and of the second stage (28.2.2). */
class EntryBitsTest {
    private static final long PAGE = 1 << 7;

    @ParameterizedTest
    @CsvSource({"1, true, true", "2, false, true", "3, false, true", "4, false, false", "5, false, false"})
    void bit7MapsAPageOnLevels2And3AndLevel1DoesAlways(int level, boolean without, boolean with) {
        assertEquals(without, GuestEntry.isLeaf(0x5001, level));
        assertEquals(with, GuestEntry.isLeaf(0x5001 | PAGE, level));
        assertEquals(without, EptEntry.isLeaf(0x5007, level));
        assertEquals(with, EptEntry.isLeaf(0x5007 | PAGE, level));
    }

    @ParameterizedTest
    @CsvSource({"false, 0x5007", "true, 0x5027"})
    void anEntryForATableHasTheAccessedFlagAsAsked(boolean accessed, String entry) {
        assertEquals(Long.decode(entry), GuestEntry.table(0x5000, accessed));
    }
}
