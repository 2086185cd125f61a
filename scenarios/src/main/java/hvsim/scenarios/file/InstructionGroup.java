package hvsim.scenarios.file;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Sensitivity;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The names that stand under {@code workload.instructions}: each instruction, and a group. */
public final class InstructionGroup {
    /** The instructions of Robin and Irvine's list: 18 mnemonics, of which MOV has two directions. */
    static final String SENSITIVE = "sensitive_unprivileged";

    /** Of PUSHF and POPF the group has the 64-bit forms. */
    private static final Set<Instruction> SHORTER_FORMS =
            EnumSet.of(Instruction.PUSHF, Instruction.PUSHFD, Instruction.POPF, Instruction.POPFD);

    private InstructionGroup() {}

    static List<Instruction> sensitive() {
        return Stream.of(Instruction.values())
                .filter(i -> i.sensitivity() != Sensitivity.NOT_LISTED && !SHORTER_FORMS.contains(i))
                .toList();
    }

    /** All that can be named: instructions in the order of their table, then the group. */
    public static List<String> names() {
        return Stream.concat(Stream.of(Instruction.values()).map(Instruction::mnemonic), Stream.of(SENSITIVE))
                .toList();
    }
}
