package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.Translation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exit qualification of an EPT violation (SDM vol. 3, 325384-059US, table 27-7). */
class EptViolationTest {
    @ParameterizedTest
    @CsvSource({
        "1, 0, 1", "2, 0, 2", "3, 0, 3", "4, 0, 4", "1024, 0, 4", "513, 0, 1",
        "1, 6, 0x31", "2, 5, 0x2A", "4, 3, 0x1C", "4, 1027, 0x5C", "1024, 7, 0x3C", "2, 1029, 0x6A",
    })
    void accessAndRights(int need, long rights, String qualification) {
        assertEquals(Long.decode(qualification), EptViolation.qualification(need, rights, 0));
        assertEquals(0x180 | Long.decode(qualification), EptViolation.qualification(need, rights, 0x180));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0x980",
        "1, 0xB80",
        "4, 0xD80",
        "8, 0x180",
        "13, 0x780",
        "2, 0x980",
    })
    void whatTheGuestsTablesSayOfTheAddress(int flags, String origin) {
        assertEquals(1, Translation.USER);
        assertEquals(Long.decode(origin), EptViolation.ofTranslation(flags));
    }
}
