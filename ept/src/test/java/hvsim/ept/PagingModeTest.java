package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which registers make which mode (SDM vol. 3, 325384-059US, 4.1.1; 5 levels by CR4.LA57). */
class PagingModeTest {
    @ParameterizedTest
    @CsvSource({
        "false, true, true, true, OFF", "true, false, false, false, TWO_LEVEL", "true, false, false, true, TWO_LEVEL",
        "true, true, false, false, PAE", "true, true, false, true, PAE", "true, true, true, false, FOUR_LEVEL",
        "true, true, true, true, FIVE_LEVEL",
    })
    void theModeFollowsFromPgPaeLmeAndLa57(boolean pg, boolean pae, boolean lme, boolean la57, PagingMode mode) {
        long cr4 = (pae ? 1 << 5 : 0) | (la57 ? 1 << 12 : 0);
        GuestPaging paging = GuestPaging.of(pg ? 1L << 31 : 0, cr4, lme ? 1 << 8 : 0);
        assertEquals(new GuestPaging(mode, false, false, false), paging);
    }

    @Test
    void nxePseAndPgeShapeAWalkToo() {
        long pg = 1L << 31;
        assertEquals(new GuestPaging(PagingMode.TWO_LEVEL, true, false, false), GuestPaging.of(pg, 0, 1 << 11));
        assertEquals(new GuestPaging(PagingMode.TWO_LEVEL, false, true, false), GuestPaging.of(pg, 1 << 4, 0));
        assertEquals(new GuestPaging(PagingMode.TWO_LEVEL, false, false, true), GuestPaging.of(pg, 1 << 7, 0));
    }

    @Test
    void everyWayOfPagingHasItsNumber() {
        for (int number = 0; number < GuestPaging.COUNT; number++) {
            GuestPaging paging = GuestPaging.byNumber(number);
            assertEquals(number, paging.number());
            assertSame(paging, GuestPaging.byNumber(paging.number()));
        }
    }

    @ParameterizedTest
    @CsvSource({"OFF, 0, 32", "TWO_LEVEL, 2, 32", "PAE, 2, 32", "FOUR_LEVEL, 4, 48", "FIVE_LEVEL, 5, 57"})
    void aModeHasLevelsAndAWidth(PagingMode mode, int levels, int addressBits) {
        assertEquals(levels, mode.levels());
        assertEquals(addressBits, mode.addressBits());
        assertEquals(addressBits > 32, mode.isLong());
    }
}
