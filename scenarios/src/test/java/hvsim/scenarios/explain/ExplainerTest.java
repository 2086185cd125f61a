package hvsim.scenarios.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.VmxControl;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainerTest {
    private static final Question PLAIN = new Question(List.of(), null, null, List.of(), List.of());

    @Test
    void aGroupOfMetricsIsExplainedWhole() {
        String text = Explainer.text("walks.saved", PLAIN, 80);
        assertTrue(text.contains("walks.saved.guest_cache: a metric"), text);
        assertTrue(text.contains("walks.saved.nested_tlb: a metric"), text);
    }

    @Test
    void exitsOfSvmAreKnownByTheNamesOfReports() throws Exception {
        String text = Explainer.text("VMEXIT_MSR:W", PLAIN, 80);
        assertTrue(text.startsWith("VMEXIT_MSR: SVM exit code 7CH\n"), text);
        assertTrue(text.contains("MSR_READ, MSR_WRITE in scenarios"), text);
    }

    @Test
    void everyWordHasAnAnswerThatFitsThePage() {
        for (String word : Explainer.words()) {
            String text = Explainer.text(word, PLAIN, 80);
            assertTrue(text.contains("source"), word);
            text.lines().forEach(line -> assertTrue(line.length() <= 80, word + ": " + line));
        }
    }

    @Test
    void everyInstructionExitReasonAndControlHasItsText() {
        assertEquals(
                List.of(),
                Stream.of(Instruction.values())
                        .map(Instruction::mnemonic)
                        .filter(new Texts("instructions")::lacks)
                        .toList());
        assertEquals(
                List.of(),
                Stream.of(ExitReason.values())
                        .map(Enum::name)
                        .filter(new Texts("exit-reasons")::lacks)
                        .toList());
        assertEquals(
                List.of(),
                Stream.of(VmxControl.values())
                        .map(Enum::name)
                        .filter(new Texts("controls")::lacks)
                        .toList());
    }

    /** One case each of: executes, silently different, faults, exits first, exits by operand. */
    @ParameterizedTest
    @CsvSource({
        "popfq, 3, , executes, true",
        "popfq, 0, , executes, false",
        "sidt, 3, , executes, true",
        "hlt, 3, hlt_exiting, 13, ",
        "hlt, 0, hlt_exiting, 12, ",
        "mov_to_dr, 3, mov_dr_exiting, 29, ",
        "mov_to_dr, 3, , 13, ",
        "rdtscp, 0, , 6, ",
        "rdtscp, 0, enable_rdtscp, executes, false",
        "rdtscp, 0, enable_rdtscp;rdtsc_exiting, 51, ",
        "in, 0, unconditional_io_exiting, 30, ",
        "in, 0, use_io_bitmaps, executes, false",
        "in, 0, use_io_bitmaps;io_bitmap=0x71, 30, ",
        "in, 3, use_io_bitmaps;io_bitmap=0x71, 13, ",
        "rdmsr, 0, use_msr_bitmaps, executes, false",
        "rdmsr, 0, use_msr_bitmaps;msr_read_bitmap=0x174, 31, ",
        "clts, 0, cr0_guest_host_mask=8;cr0_read_shadow=8, 28, ",
        "vmcall, 3, , 18, ",
        "invpcid, 3, enable_invpcid;invlpg_exiting, 13, "
    })
    void aCaseOfAnInstructionIsDecidedByTheModelsRules(
            String instruction, int cpl, String controls, String result, String different) {
        List<String> on = controls == null ? List.of() : List.of(controls.split(";"));
        Map<String, Object> values = Explainer.values(instruction, new Question(List.of(), null, cpl, on, List.of()));
        Object vectorOrReason = values.getOrDefault("exit_reason", values.get("vector"));
        assertEquals(result, vectorOrReason == null ? values.get("result") : vectorOrReason.toString());
        assertEquals(
                different,
                vectorOrReason == null ? values.get("silently_different").toString() : null);
    }

    @Test
    void registersAndModeBelongToTheCase() {
        assertEquals("faults", result("sidt", "non_root", 3, List.of("cr4.umip")));
        assertEquals("executes", result("in", "non_root", 3, List.of("iopl=3")));
        assertEquals("faults", result("rdtsc", "outside_vmx", 3, List.of("cr4=0x24")));
        assertEquals("faults", result("vmread", "outside_vmx", 0, List.of()));
        assertEquals("executes", result("vmread", "root", 0, List.of()));
    }

    private static Object result(String instruction, String mode, int cpl, List<String> registers) {
        return Explainer.values(instruction, new Question(List.of(), mode, cpl, List.of(), registers))
                .get("result");
    }

    @ParameterizedTest
    @CsvSource({
        "invlpg, goes stays goes stays stays goes stays goes stays stays goes goes stays stays stays stays stays",
        "page_fault, goes stays stays stays stays goes stays goes stays stays goes stays stays stays stays stays stays",
        "ept_violation, "
                + "goes stays goes stays stays stays stays stays stays stays goes stays stays stays goes stays stays",
        "reset, goes goes goes goes goes goes goes goes goes goes goes goes goes goes goes goes goes",
        "vmxon, stays stays stays stays stays stays stays stays stays stays stays stays stays stays stays stays stays"
    })
    void theExampleShowsWhatAnOperationDrops(String word, String fates) {
        String text = Explainer.text(word, PLAIN, 80);
        List<String> shown = text.substring(text.lastIndexOf("cached"))
                .lines()
                .skip(1)
                .takeWhile(line -> !line.isEmpty()) // a metric of the same name follows
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
        assertEquals(List.of(fates.split(" ")), shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"28", "cr_access", "Control-register accesses", "CR_ACCESS"})
    void anExitReasonIsFoundByNameNumberAndTheManualsName(String word) {
        assertTrue(Explainer.text(word, PLAIN, 80).startsWith("CR_ACCESS: basic exit reason 28"));
    }

    @Test
    void aControlNamesTheInstructionsThatMind() {
        String text = Explainer.text("RDTSC exiting", PLAIN, 80);
        assertTrue(text.contains("rdtsc at CPL 0, 3, on: exits: RDTSC (16)"), text);
        assertTrue(text.contains("tpause"), text);
        assertFalse(text.contains("rdmsr"), text);
    }

    @Test
    void whatHasNoAnswerIsSaidWithWhatWouldHave() {
        QuestionException unknown = assertThrows(QuestionException.class, () -> Explainer.text("invlpq", PLAIN, 80));
        assertTrue(unknown.rule().contains("did you mean 'invlpg'"), unknown.rule());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch", "hlt_exiting=maybe", "cr0_read_shadow=zero", "io_bitmap=-1", ""})
    void aControlThatIsNoneIsAQuestionWithoutAnswer(String control) {
        Question question = new Question(List.of(), null, 0, List.of(control), List.of());
        assertThrows(QuestionException.class, () -> Explainer.values("hlt", question));
    }

    @ParameterizedTest
    @CsvSource({
        "pop_sreg, 0xffffffff",
        "in, 0x20000",
        "ins, 0xffffffff",
        "invpcid, 0x20000",
        "invvpid, 0x80000000",
        "lmsw, 0x20000",
        "int_n, 0x800",
        "bound, 0x2",
        "mov_from_dr, 0x8",
        "iret, 0x10000",
        "lldt, 0x100000010",
        "rdmsr, 0xffffffffffffffff",
        "vmread, 0x100000000"
    })
    void anOperandThatThereIsNotIsRefusedWithItsForm(String word, String operand) {
        Question question = new Question(List.of(operand), null, null, List.of(), List.of());
        QuestionException text = assertThrows(QuestionException.class, () -> Explainer.text(word, question, 80));
        assertEquals(operand + " is no operand of " + word, text.what());
        assertTrue(text.rule().startsWith(word + " takes: "), text.rule());
        assertThrows(QuestionException.class, () -> Explainer.values(word, question));
    }
}
