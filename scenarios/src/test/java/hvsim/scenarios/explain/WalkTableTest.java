package hvsim.scenarios.explain;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.PageSize;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalkTableTest {
    /** Entries and registers that are given decide where the walk stops, and the end says why. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "read  | 3 | pde=0 | | | at the guest's PDE: #PF, error code 0x4 (not present",
                "write | 3 | pte=0x30000007065 | | | at the guest's PTE: #PF, error code 0x7 (P, W/R, U/S)",
                "write | 0 | pte=0x30000007065 | cr0.wp=off | | Translated: hpa 0x30000007000",
                "fetch | 0 | | cr4.smep | | error code 0x11 (P, I/D)",
                "read  | 0 | | cr4.smap | | error code 0x1 (P)",
                "read  | 0 | | cr4.smap;rflags.ac | | Translated",
                "read  | 3 | pte=0x800000030000067 | cr4.pke;pkru=4 | | error code 0x25 (P, U/S, PK)",
                "read  | 3 | pml4e=0x200000000a7 | | | at the guest's PML4E: #PF, error code 0xd (P, U/S, RSVD)",
                "read  | 3 | ept.pte=0x7032 | | | at the EPT PTE for gpa 0x30000007000: EPT misconfiguration",
                "write | 3 | ept.pte=0x7031 | | | exit qualification 0x18a",
                "read  | 3 | pde.ept.pte=0x30 | | accessed_dirty | exit qualification 0x83",
                "read  | 3 | pde.ept.pte=0x30 | | | exit qualification 0x81",
                "fetch | 3 | ept.pte=0x30000007033 | | mode_based_execute | exit qualification 0x19c"
            })
    void aWalkStopsWhereTheEntriesSay(
            String access, int cpl, String entries, String registers, String second, String end) {
        String text = flat(walk(access, cpl, list(entries), list(registers), list(second)));
        assertTrue(text.contains(end.trim()), text);
    }

    @Test
    void flagsThatTheWalkSetsAreTold() {
        String text = flat(walk("write", 3, List.of("pte=0x30000007007"), List.of(), List.of()));
        assertTrue(text.contains("Sets 0x60 in the guest PTE"), text);
    }

    @Test
    void fiveLevelsOverFiveTakeThirtyFiveReferences() {
        String text = flat(new WalkTableCase(List.of("cr4.la57"), 5).text());
        assertTrue(text.contains("35 references = guest 5 + second_stage 30"), text);
    }

    @ParameterizedTest
    @CsvSource({"efer.lme=off;cs.l=off, 2", "efer.lme=off;cs.l=off;cr4.pae=off, 2", "cr0.pg=off, 0"})
    void legacyPagingHasItsOwnLevels(String registers, int guest) {
        String text = flat(new WalkTableCase(list(registers), 4).text());
        assertTrue(text.contains("references = guest " + guest + " + "), text);
        assertTrue(text.contains("Translated"), text);
    }

    @ParameterizedTest
    @CsvSource({"nosuch=1, ", "pde=x, ", "pde=0, cr9=1", "ept.ept.pte=0, "})
    void whatDoesNotExistIsAQuestionWithoutAnswer(String entry, String register) {
        assertThrows(QuestionException.class, () -> walk("read", 3, list(entry), list(register), List.of()));
    }

    private record WalkTableCase(List<String> registers, int eptLevels) {
        String text() {
            return WalkTable.of(
                    new WalkSetup(
                            PageSize.SIZE_4K,
                            PageSize.SIZE_4K,
                            Set.of(),
                            true,
                            "",
                            "read",
                            3,
                            registers,
                            List.of(),
                            List.of(),
                            eptLevels,
                            46),
                    80);
        }
    }

    private static String walk(
            String access, int cpl, List<String> entries, List<String> registers, List<String> second) {
        return WalkTable.of(
                new WalkSetup(
                        PageSize.SIZE_4K,
                        PageSize.SIZE_4K,
                        Set.of(),
                        true,
                        "",
                        access,
                        cpl,
                        registers,
                        entries,
                        second,
                        4,
                        46),
                80);
    }

    private static List<String> list(String text) {
        return text == null || text.isBlank() ? List.of() : List.of(text.trim().split(";"));
    }

    private static String flat(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
