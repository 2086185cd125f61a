package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The effective memory type (SDM vol. 3, 325384-059US, tables 11-7 and 11-10, and 28.2.6.2). */
class MemoryTypeTest {
    private static final List<String> NAMES = List.of("UC", "WC", "WT", "WP", "WB", "UC-");

    private static MemoryType type(String name) {
        return MemoryType.values()[NAMES.indexOf(name)];
    }

    @ParameterizedTest
    @CsvSource({
        // EPT entry's type; with PAT's UC, UC-, WC, WT, WB, WP
        "UC, UC, UC, WC, UC, UC, UC",
        "WC, UC, WC, WC, UC, WC, UC",
        "WT, UC, UC, WC, WT, WT, WP",
        "WB, UC, UC, WC, WT, WB, WP",
        "WP, UC, WC, WC, WT, WP, WP",
    })
    void combines(String ept, String uc, String ucMinus, String wc, String wt, String wb, String wp) {
        List<String> pats = List.of("UC", "UC-", "WC", "WT", "WB", "WP");
        List<String> expected = List.of(uc, ucMinus, wc, wt, wb, wp);
        for (int i = 0; i < pats.size(); i++) {
            assertEquals(type(expected.get(i)), MemoryType.effective(false, type(ept), false, type(pats.get(i))));
            assertEquals(type(ept), MemoryType.effective(false, type(ept), true, type(pats.get(i))));
            assertEquals(MemoryType.UNCACHEABLE, MemoryType.effective(true, type(ept), true, type(pats.get(i))));
            assertEquals(MemoryType.UNCACHEABLE, MemoryType.effective(true, type(ept), false, type(pats.get(i))));
        }
    }

    @Test
    void hasItsNumber() {
        int[] numbers = {0, 1, 4, 5, 6, 7};
        for (MemoryType type : MemoryType.values()) {
            assertEquals(numbers[type.ordinal()], type.number());
        }
    }
}
