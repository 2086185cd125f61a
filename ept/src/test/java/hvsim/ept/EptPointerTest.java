package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** EPT pointers that VM entry takes (SDM vol. 3, 325384-059US, table 24-8 and 26.2.1.1). */
class EptPointerTest {
    private static final long ROOT = 0x1234_5000L;

    private static PagingCapability without(long bits) {
        return new PagingCapability(46, true, EptVpidCapability.ALL & ~bits);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4", "6, 4", "0, 5", "6, 5",
    })
    void isValidWithTheTypesAndLengthsThatThereAre(long type, int levels) {
        assertTrue(EptPointer.isValid(ROOT | (levels - 1) << 3 | type, without(0)));
    }

    @Test
    void noOtherTypeNorLengthIsValid() {
        for (int low = 0; low < 64; low++) {
            boolean type = (low & 7) == 0 || (low & 7) == 6;
            boolean length = low >> 3 == 3 || low >> 3 == 4;
            assertEquals(type && length, EptPointer.isValid(ROOT | low, without(0)), Integer.toHexString(low));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // pointer's low bits, bit of the capability
        "0x1E, 6",
        "0x26, 7",
        "0x18, 8",
        "0x1E, 14",
        "0x5E, 21",
    })
    void needsTheCapability(String low, int bit) {
        long eptp = ROOT | Integer.decode(low);
        assertTrue(EptPointer.isValid(eptp, without(0)));
        assertFalse(EptPointer.isValid(eptp, without(1L << bit)));
        assertTrue(EptPointer.isValid(eptp, without(~(1L << bit) & ~(1 << 6 | 1 << 14))));
    }

    @Test
    void supervisorShadowStacksNeedTheirCapability() {
        PagingCapability with = new PagingCapability(46, true, EptVpidCapability.ALL | 1 << 23);
        assertTrue(EptPointer.isValid(ROOT | 0x9E, with));
        assertFalse(EptPointer.isValid(ROOT | 0x9E, without(1 << 23)));
    }

    @ParameterizedTest
    @CsvSource({"36", "46", "52"})
    void hasZerosInItsReservedBits(int width) {
        PagingCapability capability = new PagingCapability(width, true, EptVpidCapability.ALL);
        for (int bit = 8; bit < 64; bit++) {
            boolean address = bit >= 12 && bit < width;
            assertEquals(address, EptPointer.isValid(0x1E | 1L << bit, capability), "bit " + bit);
        }
    }

    @Test
    void isMadeOfItsParts() {
        long eptp = EptPointer.pack(ROOT, 5, true);
        assertEquals(ROOT | 0x66, eptp);
        assertEquals(ROOT, EptPointer.ep4ta(eptp | 1L << 63));
        assertEquals(5, EptPointer.levels(eptp));
        assertTrue(EptPointer.keepsAccessedDirty(eptp));
        assertEquals(ROOT | 0x1E, EptPointer.pack(ROOT, 4, false));
        assertFalse(EptPointer.keepsAccessedDirty(ROOT | 0x1E));
    }
}
