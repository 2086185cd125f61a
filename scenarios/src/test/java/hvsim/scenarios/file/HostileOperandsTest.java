package hvsim.scenarios.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operands that no instruction can have are errors of the file, each with its place and the rule. */
class HostileOperandsTest {
    private final Lab lab;

    HostileOperandsTest(@TempDir Path folder) {
        lab = new Lab(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "pop_sreg 0xffffffff, is no operand of",
        "mov_to_sreg 0xc00010, is no operand of",
        "ltr 0x1000010, is no operand of",
        "call_far 0xe00000, is no operand of",
        "in 0x3ffff, is too large",
        "ins 0x20071, is too large",
        "out 4294967295, is too large",
        "invpcid 0x20000, is no operand of",
        "invvpid 0x200001, is no operand of",
        "lmsw 0x20001, is no operand of",
        "int_n 0x800, is no operand of",
        "int_n 0xf80d, is no operand of",
        "bound 2, is no operand of",
        "mov_to_dr 8, is no operand of",
        "lldt 0x100000000, is too large",
        "rdmsr 0xffffffffffffffff, is too large",
        "wrmsr -1, is no operand",
        "mov_to_cr3 0x10000000000000000, is no operand",
        "mov_to_cr0 99999999999999999999, is no operand",
        "invlpg 0x800000000000, is too large"
    })
    void anImpossibleOperandIsAnErrorWithItsPlace(String written, String said) {
        String[] words = written.split(" ", -1);
        String what = said.endsWith("of") ? said + " '" + words[0] + "'" : said;
        String errors = lab.errors("workload: {instructions: {" + written + ": 5}}");
        String expected = "lab.yaml:1:27: error: workload.instructions: '" + words[1] + "' " + what + "\n    ";
        assertTrue(errors.startsWith(expected), errors);
    }
}
