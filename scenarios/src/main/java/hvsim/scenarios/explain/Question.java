package hvsim.scenarios.explain;

import hvsim.cpu.instruction.Processor.Mode;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about an instruction: all cases, or the one that the parts that are given describe.
 *
 * @param operands after the name: the operand, and a second one
 * @param mode outside_vmx, root or non_root; null if not given
 * @param cpl 0 to 3; null if not given
 * @param controls NAME, NAME=off or FIELD=VALUE of the VMCS
 * @param registers NAME=VALUE, or NAME.BIT=on
 */
public record Question(
        List<String> operands,
        @Nullable String mode,
        @Nullable Integer cpl,
        List<String> controls,
        List<String> registers) {
    public Question {
        operands = List.copyOf(operands);
        controls = List.copyOf(controls);
        registers = List.copyOf(registers);
        if (cpl != null && (cpl < 0 || cpl > 3)) {
            throw new QuestionException("--cpl: there is no privilege level " + cpl, "choices: 0, 1, 2, 3");
        }
    }

    boolean isOfOneCase() {
        return mode != null || cpl != null || !controls.isEmpty() || !registers.isEmpty();
    }

    /** The processor of the one case: non-root mode and CPL 0 where nothing else is said. */
    ProcessorCase processorCase() {
        ProcessorCase asked = new ProcessorCase(modeOf(mode), cpl == null ? 0 : cpl);
        registers.forEach(text -> RegisterSettings.apply(Setting.of(text), asked.registers));
        controls.forEach(text -> VmcsSettings.apply(Setting.of(text), asked.vmcs, asked.memory));
        return asked;
    }

    private static Mode modeOf(@Nullable String word) {
        if (word == null) {
            return Mode.NON_ROOT;
        }
        return Stream.of(Mode.values())
                .filter(mode -> Words.small(mode).equals(word))
                .findFirst()
                .orElseThrow(() -> new QuestionException(
                        "--mode: there is no mode '" + word + "'", "choices: outside_vmx, root, non_root"));
    }
}
