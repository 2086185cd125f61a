package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reserved bits and pages, bit by bit, as tables 4-4 to 4-20 of SDM vol. 3 (325384-059US) have them. */
class EntryRulesTest {
    private static final long PAGE = 1 << 7;

    /** Bits {@code high} to {@code low}. */
    private static long bits(int high, int low) {
        return LongStream.rangeClosed(low, high).map(bit -> 1L << bit).sum();
    }

    private static EntryRules rules(PagingMode mode, boolean noExecute, boolean large, int width, boolean pages1G) {
        PagingCapability capability = new PagingCapability(width, pages1G, EptVpidCapability.ALL);
        return EntryRules.all(capability)[new GuestPaging(mode, noExecute, large, true).number()];
    }

    private static void assertReserved(long expected, EntryRules rules, int level, boolean page) {
        for (int bit = 0; bit < 64; bit++) {
            boolean reserved = rules.isReserved(1L << bit, level, page);
            assertEquals((expected >>> bit & 1) != 0, reserved, "level " + level + " bit " + bit);
        }
    }

    @ParameterizedTest
    @CsvSource({"36, true", "46, false", "52, true", "39, false", "51, false"})
    void longModesReserveBitsAboveTheWidthAndXdWithoutNxe(int width, boolean noExecute) {
        long always = bits(51, width) | (noExecute ? 0 : 1L << 63);
        EntryRules rules = rules(PagingMode.FIVE_LEVEL, noExecute, false, width, true);
        assertReserved(always | PAGE, rules, 5, false);
        assertReserved(always | PAGE, rules, 4, false);
        assertReserved(always, rules, 3, false);
        assertReserved(always | bits(29, 13), rules, 3, true);
        assertReserved(always, rules, 2, false);
        assertReserved(always | bits(20, 13), rules, 2, true);
        assertReserved(always, rules, 1, true);
    }

    @Test
    void withoutPagesOf1GibTheirBitIsReserved() {
        EntryRules rules = rules(PagingMode.FOUR_LEVEL, true, false, 46, false);
        assertEquals(false, rules.isPage(PAGE | 1, 3));
        assertReserved(bits(51, 46) | PAGE, rules, 3, false);
    }

    @ParameterizedTest
    @CsvSource({"36, true", "46, false", "52, false"})
    void paeReservesAllAboveTheWidthButXd(int width, boolean noExecute) {
        long always = bits(62, width) | (noExecute ? 0 : 1L << 63);
        EntryRules rules = rules(PagingMode.PAE, noExecute, false, width, true);
        assertReserved(always, rules, 2, false);
        assertReserved(always | bits(20, 13), rules, 2, true);
        assertReserved(always, rules, 1, true);
        for (int bit = 0; bit < 64; bit++) {
            boolean expected = bit >= width || bit >= 5 && bit <= 8 || bit == 1 || bit == 2;
            assertEquals(expected, rules.isReservedPdpte(1L << bit), "bit " + bit);
        }
    }

    @ParameterizedTest
    @CsvSource({"32, 13", "36, 17", "40, 21", "46, 21"})
    void pagesOf4MibReserveWhatPse36DoesNotUse(int width, int lowest) {
        EntryRules rules = rules(PagingMode.TWO_LEVEL, false, true, width, true);
        assertReserved(bits(21, lowest), rules, 2, true);
        assertReserved(0, rules, 2, false);
        assertReserved(0, rules, 1, true);
    }

    @ParameterizedTest
    @CsvSource({
        "FIVE_LEVEL, 5, false",
        "FIVE_LEVEL, 4, false",
        "FIVE_LEVEL, 3, true",
        "FIVE_LEVEL, 2, true",
        "FOUR_LEVEL, 4, false",
        "FOUR_LEVEL, 3, true",
        "FOUR_LEVEL, 2, true",
        "PAE, 2, true",
        "TWO_LEVEL, 2, false",
    })
    void bit7MapsAPageWhereThereAreLargePages(PagingMode mode, int level, boolean page) {
        assertEquals(page, rules(mode, true, false, 46, true).isPage(PAGE | 1, level));
        assertEquals(false, rules(mode, true, true, 46, true).isPage(1, level));
    }

    @Test
    void withPseBit7MapsAPageUnder32BitPaging() {
        assertEquals(true, rules(PagingMode.TWO_LEVEL, true, true, 46, true).isPage(PAGE | 1, 2));
    }

    @ParameterizedTest
    @CsvSource({"2, 21", "3, 30"})
    void bitsBelowALargePageAreNoPartOfItsAddress(int level, int lowest) {
        EntryRules rules = rules(PagingMode.FOUR_LEVEL, true, false, 46, true);
        assertEquals(bits(51, lowest), rules.pageAddress(0, -1, level));
    }

    @Test
    void anEntryOfTheLastLevelMapsAPage() {
        for (PagingMode mode : PagingMode.values()) {
            assertEquals(true, rules(mode, true, false, 46, true).isPage(1, 1));
        }
    }
}
