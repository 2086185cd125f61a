package hvsim.scenarios.explain;

import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InstructionRules;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor.Mode;
import hvsim.cpu.vmx.VmxControl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What becomes of an instruction at each privilege level, and each single thing that makes a difference to that. */
final class Cases {
    /** @param with what is otherwise than in the plain case; empty for the plain one */
    record Case(Mode mode, String cpls, String with, Decision decision) {}

    private final Instruction instruction;
    private final List<String> operands;

    Cases(Instruction instruction, List<String> operands) {
        this.instruction = instruction;
        this.operands = operands;
    }

    List<Case> all() {
        List<Case> all = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            add(mode, "", null, all);
            for (Variation change : Variation.all()) {
                if (mode == Mode.NON_ROOT || !change.inNonRoot()) {
                    add(mode, change.label(), change, all);
                }
            }
        }
        return all;
    }

    /** In non-root mode, where that one thing makes a difference. */
    List<Case> with(Variation change) {
        List<Case> cases = new ArrayList<>();
        add(Mode.NON_ROOT, change.label(), change, cases);
        return cases;
    }

    /** Levels that fare alike share a line; with a change, only those that fare otherwise than without. */
    private void add(Mode mode, String with, @Nullable Variation change, List<Case> all) {
        Map<Decision, String> levels = new LinkedHashMap<>();
        for (int cpl : mode == Mode.ROOT ? new int[] {0} : new int[] {0, 3}) {
            Decision decision = decide(mode, cpl, change);
            if (change == null || !alike(decision, decide(mode, cpl, null))) {
                levels.merge(decision, Integer.toString(cpl), (one, other) -> one + ", " + other);
            }
        }
        levels.forEach((decision, cpls) -> all.add(new Case(mode, cpls, with, decision)));
    }

    private static boolean alike(Decision one, Decision other) {
        return one.kind() == other.kind()
                && one.vector() == other.vector()
                && one.reason() == other.reason()
                && one.isSilentlyDifferent() == other.isSilentlyDifferent();
    }

    private Decision decide(Mode mode, int cpl, @Nullable Variation change) {
        ProcessorCase processor = new ProcessorCase(mode, cpl);
        for (VmxControl control : VmxControl.values()) {
            if (Variation.isOnAtFirst(control)) {
                VmcsSettings.set(control, true, processor.vmcs);
            }
        }
        Operation operation = Operands.of(instruction, operands, processor.registers);
        if (change != null) {
            change.effect().on(processor, operation);
            operation = Operands.of(instruction, operands, processor.registers);
        }
        return InstructionRules.decide(operation, processor.processor());
    }
}
