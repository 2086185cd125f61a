package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** EPT entries that are not present, malformed or neither (SDM vol. 3, 325384-059US, 28.2.2 and 28.2.3.1). */
class EptFormatTest {
    private static final long WRITE_BACK = 6 << 3;

    private static EptFormat format(boolean modeBased, long capabilityWithout) {
        return format(modeBased, capabilityWithout, 46);
    }

    private static EptFormat format(boolean modeBased, long capabilityWithout, int width) {
        return new EptFormat(new PagingCapability(width, true, EptVpidCapability.ALL & ~capabilityWithout), modeBased);
    }

    /** "absent", "ok", or the rule that is broken. */
    private static String judge(EptFormat format, long entry, int level) {
        if (!format.isPresent(entry)) {
            return "absent";
        }
        return format.isMisconfigured(entry, level, format.isLeaf(entry, level))
                ? format.misconfiguration(entry, level).name()
                : "ok";
    }

    @ParameterizedTest
    @CsvSource({
        // entry's XU X W R, without and with execute-only pages, then the same with mode-based execute control
        "0000, absent, absent, absent, absent",
        "0001, ok, ok, ok, ok",
        "0010, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ",
        "0011, ok, ok, ok, ok",
        "0100, EXECUTE_ONLY, ok, EXECUTE_ONLY, ok",
        "0101, ok, ok, ok, ok",
        "0110, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ",
        "0111, ok, ok, ok, ok",
        "1000, absent, absent, EXECUTE_ONLY, ok",
        "1001, ok, ok, ok, ok",
        "1010, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ",
        "1011, ok, ok, ok, ok",
        "1100, EXECUTE_ONLY, ok, EXECUTE_ONLY, ok",
        "1101, ok, ok, ok, ok",
        "1110, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ, WRITE_WITHOUT_READ",
        "1111, ok, ok, ok, ok",
    })
    void combinationsOfRights(String bits, String plain, String withOnly, String modeBased, String modeBasedWithOnly) {
        int rights = Integer.parseInt(bits, 2);
        long entry = rights & 7 | (rights & 8) << 7;
        for (int level = 1; level <= 5; level++) {
            long leaf = level == 1 ? WRITE_BACK : 0;
            assertEquals(plain, judge(format(false, EptVpidCapability.EXECUTE_ONLY), entry | leaf, level));
            assertEquals(withOnly, judge(format(false, 0), entry | leaf, level));
            assertEquals(modeBased, judge(format(true, EptVpidCapability.EXECUTE_ONLY), entry | leaf, level));
            assertEquals(modeBasedWithOnly, judge(format(true, 0), entry | leaf, level));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {36, 46, 52})
    void bitsThatAreReservedInATable(int width) {
        for (int level = 2; level <= 5; level++) {
            for (int bit = 3; bit < 64; bit++) {
                boolean page = bit == 7 && level <= 3;
                boolean reserved = bit <= 7 && !page || bit >= width && bit <= 51;
                long entry = 7 | 1L << bit;
                assertEquals(reserved ? "RESERVED_BIT" : "ok", judge(format(false, 0, width), entry, level), "" + bit);
                assertEquals(page, format(false, 0, width).isLeaf(entry, level));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {36, 46, 52})
    void bitsThatAreReservedInAPage(int width) {
        for (int level = 1; level <= 3; level++) {
            for (int bit = 6; bit < 64; bit++) {
                boolean reserved = bit >= width && bit <= 51 || bit >= 12 && bit < 12 + 9 * (level - 1);
                long entry = 7 | WRITE_BACK | 1L << bit | (level > 1 ? 1 << 7 : 0);
                assertEquals(reserved ? "RESERVED_BIT" : "ok", judge(format(false, 0, width), entry, level), "" + bit);
                assertTrue(format(false, 0, width).isLeaf(entry, level));
            }
        }
    }

    @Test
    void aPresentEntryThatBreaksNoRuleIsATableOrAPage() {
        EptFormat format = format(false, 0);
        for (int level = 1; level <= 5; level++) {
            for (long rights : new long[] {0, 1, 2, 3, 5, 7}) {
                for (int bit = 3; bit < 64; bit++) {
                    long entry = rights | 1L << bit;
                    String what = level + " " + Long.toHexString(entry);
                    boolean usable = rights != 0 && judge(format, entry, level).equals("ok");
                    assertEquals(usable && !format.isLeaf(entry, level), format.isTable(entry, level), what);
                    assertEquals(usable && format.isLeaf(entry, level), format.isPage(entry, level), what);
                }
            }
        }
    }

    @Test
    void bit7IsReservedWhereThePageSizeIsNotThere() {
        long entry = 7 | 1 << 7;
        EptFormat no2M = format(false, EptVpidCapability.PAGES_2M);
        assertEquals("RESERVED_BIT", judge(no2M, entry, 2));
        assertEquals("ok", judge(no2M, entry, 3));
        assertFalse(no2M.isLeaf(entry, 2));
        EptFormat no1G = format(false, EptVpidCapability.PAGES_1G);
        assertEquals("RESERVED_BIT", judge(no1G, entry, 3));
        assertEquals("ok", judge(no1G, entry, 2));
        assertFalse(no1G.isLeaf(entry, 3));
    }

    @Test
    void memoryTypesOfPages() {
        for (int level = 1; level <= 3; level++) {
            for (int type = 0; type < 8; type++) {
                boolean exists = type != 2 && type != 3 && type != 7;
                long entry = 7 | type << 3 | (level > 1 ? 1 << 7 : 0);
                assertEquals(exists ? "ok" : "MEMORY_TYPE", judge(format(false, 0), entry, level));
            }
        }
    }
}
