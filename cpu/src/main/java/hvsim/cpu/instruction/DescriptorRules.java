package hvsim.cpu.instruction;

import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import org.jspecify.annotations.Nullable;

/**
 * Selectors and the descriptors they select: far transfers, loads of segment registers, tests, task switches.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 5.5 to 5.10, 7.3 and 25.4.2; vol. 2 of each instruction.
 */
final class DescriptorRules {
    private DescriptorRules() {}

    /** A task switch outside IA-32e mode, after the checks of its descriptor. */
    static @Nullable Rule exitOfTaskSwitch(Operation o, Processor p) {
        return isTaskSwitch(o, p) && !p.registers().isLongMode() && faultOfTask(o, p) == null
                ? Rule.EXITS_AT_A_TASK_SWITCH
                : null;
    }

    private static boolean isTaskSwitch(Operation o, Processor p) {
        if (p.hasNoDescriptors()) {
            return false;
        }
        return switch (o.instruction()) {
            case IRET -> p.rflags(Registers.RFLAGS_NT);
            case INT_N -> InterruptOperand.unpack(o.bits()).isTaskGate();
            case CALL_FAR, JMP_FAR -> SelectorOperand.unpack(o.bits()).isTask();
            default -> false;
        };
    }

    private static @Nullable Decision faultOfTask(Operation o, Processor p) {
        return switch (o.instruction()) {
            case CALL_FAR, JMP_FAR -> {
                SelectorOperand s = SelectorOperand.unpack(o.bits());
                yield s.isNull() || s.isUnsuitable()
                        ? badSelector(Rule.BAD_DESCRIPTOR, s)
                        : s.dpl() < Math.max(p.cpl(), s.rpl()) ? badSelector(Rule.DESCRIPTOR_PRIVILEGE, s) : null;
            }
            default -> null;
        };
    }

    /** What is left to fail after VM exits. */
    static @Nullable Decision lateFault(Operation o, Processor p) {
        if (p.hasNoDescriptors()) {
            return null;
        }
        if (isTaskSwitch(o, p)) {
            return p.registers().isLongMode() ? noTasks(o) : faultOfTask(o, p);
        }
        return switch (o.instruction()) {
            case CALL_FAR, JMP_FAR -> faultOfTransfer(SelectorOperand.unpack(o.bits()), p);
            case RET_FAR -> faultOfReturn(SelectorOperand.unpack(o.bits()), p);
            case POP_SREG, MOV_TO_SREG -> faultOfLoad(SelectorOperand.unpack(o.bits()), p);
            case LLDT, LTR -> faultOfSystemSegment(o);
            default -> null;
        };
    }

    private static Decision noTasks(Operation o) {
        int errorCode = switch (o.instruction()) {
            case IRET -> 0;
            case INT_N -> InterruptOperand.unpack(o.bits()).errorCode();
            default -> SelectorOperand.unpack(o.bits()).errorCode();
        };
        return Decision.fault(Rule.NO_TASKS, ExceptionVector.GENERAL_PROTECTION, errorCode);
    }

    private static @Nullable Decision faultOfTransfer(SelectorOperand s, Processor p) {
        if (s.isNull() || s.isUnsuitable()) {
            return badSelector(Rule.BAD_DESCRIPTOR, s);
        }
        boolean admitted = s.isConforming() ? s.dpl() <= p.cpl() : s.rpl() <= p.cpl() && s.dpl() == p.cpl();
        return admitted ? null : badSelector(Rule.DESCRIPTOR_PRIVILEGE, s);
    }

    /** A return goes outwards or stays. */
    private static @Nullable Decision faultOfReturn(SelectorOperand s, Processor p) {
        if (s.isNull() || s.isUnsuitable()) {
            return badSelector(Rule.BAD_DESCRIPTOR, s);
        }
        boolean admitted = s.rpl() >= p.cpl() && (s.isConforming() ? s.dpl() <= s.rpl() : s.dpl() == s.rpl());
        return admitted ? null : badSelector(Rule.DESCRIPTOR_PRIVILEGE, s);
    }

    private static @Nullable Decision faultOfLoad(SelectorOperand s, Processor p) {
        boolean stack = s.register() == SelectorOperand.SS;
        if (s.isNull()) {
            boolean fits = !stack || p.registers().is64BitMode() && p.cpl() < 3 && s.rpl() == p.cpl();
            return fits ? null : Decision.protection(Rule.BAD_DESCRIPTOR);
        }
        if (s.isUnsuitable()) {
            return badSelector(Rule.BAD_DESCRIPTOR, s);
        }
        boolean admitted = stack
                ? s.rpl() == p.cpl() && s.dpl() == p.cpl() && !s.isConforming()
                : s.isConforming() || s.dpl() >= Math.max(p.cpl(), s.rpl());
        return admitted ? null : badSelector(Rule.DESCRIPTOR_PRIVILEGE, s);
    }

    private static @Nullable Decision faultOfSystemSegment(Operation o) {
        SelectorOperand s = SelectorOperand.unpack(o.bits());
        if (s.isNull()) {
            return o.instruction() == Instruction.LTR ? Decision.protection(Rule.BAD_DESCRIPTOR) : null;
        }
        return s.isUnsuitable() || s.isLocal() ? badSelector(Rule.BAD_DESCRIPTOR, s) : null;
    }

    private static Decision badSelector(Rule rule, SelectorOperand s) {
        return Decision.fault(rule, ExceptionVector.GENERAL_PROTECTION, s.errorCode());
    }
}
