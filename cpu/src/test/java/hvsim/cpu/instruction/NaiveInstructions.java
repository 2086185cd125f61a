package hvsim.cpu.instruction;

import hvsim.cpu.instruction.NaiveExits.Exit;
import hvsim.cpu.vmx.VmcsField;

/**
 * The oracle: what becomes of an instruction, from the manual's text, slow and flat; no rule of the model is used
 * (SDM vol. 3, 325384-059US, 25.1.1 for the order: #UD, privilege, VM exit, all other faults).
 */
final class NaiveInstructions {
    private NaiveInstructions() {}

    /** In the words of {@link #text(Decision, Instruction)}. */
    static String outcome(Operation o, Processor p) {
        NaiveState s = new NaiveState(o, p);
        if (s.i == Instruction.UD2 && s.nonRoot && NaiveExits.exception(s, 6) != null) {
            return text(s, NaiveExits.exception(s, 6));
        }
        if (NaiveDefinitions.undefined(s)) {
            return "#UD";
        }
        if (NaivePrivileges.denied(s)) {
            return "#GP(0)";
        }
        Exit exit = s.nonRoot ? NaiveExits.exit(s) : null;
        if (exit != null) {
            return text(s, exit);
        }
        if (NaiveDefinitions.undefinedAfterExit(s)) {
            return "#UD";
        }
        if (NaivePrivileges.deniedAfterExit(s)) {
            return "#GP(0)";
        }
        String late = NaiveLateFaults.fault(s);
        if (late != null) {
            return late;
        }
        Exit task = s.nonRoot && s.hasDescriptors() ? NaiveExits.taskSwitch(s) : null;
        if (task != null) {
            return text(s, task);
        }
        return tprIsBelowThreshold(s) ? text(s, new Exit(43, 0)) : isDifferent(s) ? "different" : "executes";
    }

    /** SDM vol. 3, 29.1.2 and 29.3: MOV to CR8 writes VTPR[7:4]. */
    private static boolean tprIsBelowThreshold(NaiveState s) {
        return s.i == Instruction.MOV_TO_CR8
                && s.primary(21)
                && !s.secondary(9)
                && (s.o.value() & 15) < (s.field(VmcsField.TPR_THRESHOLD) & 15);
    }

    /** Robin and Irvine's list; POPF and IRET by SDM vol. 2, table 4-15. */
    private static boolean isDifferent(NaiveState s) {
        return s.cpl > 0
                && switch (s.i) {
                    case SGDT, SIDT, SLDT, STR, SMSW, PUSHF, PUSHFD, PUSHFQ -> true;
                    case CALL_FAR, JMP_FAR, RET_FAR, INT_N -> true;
                    case PUSH_SREG, POP_SREG, MOV_TO_SREG, MOV_FROM_SREG -> true;
                    case POPF, POPFD, POPFQ, IRET -> losesFlags(s);
                    case VERR, VERW, LAR, LSL -> accessible(s, 0) != accessible(s, s.cpl);
                    default -> false;
                };
    }

    private static boolean losesFlags(NaiveState s) {
        long lost = s.o.value() ^ s.r.rflags;
        boolean iopl = NaiveState.bit(lost, 12) + NaiveState.bit(lost, 13) > 0;
        return iopl || s.cpl > s.iopl() && NaiveState.bit(lost, 9) == 1;
    }

    /** SDM vol. 2, VERR, LAR. */
    private static boolean accessible(NaiveState s, int cpl) {
        SelectorOperand segment = s.selector();
        boolean reachable = segment.isConforming() || segment.dpl() >= Math.max(cpl, segment.selector() & 3);
        return segment.selector() > 3 && !segment.isUnsuitable() && reachable;
    }

    private static String text(NaiveState s, Exit exit) {
        return "exits " + exit.reason() + " " + Long.toHexString(exit.qualification()) + " vector " + exit.vector()
                + (definesLength(exit.reason(), exit.vector())
                        ? " length " + s.o.encoding().lengthBytes()
                        : "")
                + " address " + Long.toHexString(linearAddress(s, exit.reason()))
                + information(exit.reason(), s.i, identity(s.i));
    }

    /** A decision in the oracle's words: what an exit leaves undefined is left out. */
    static String text(Decision d, Instruction i) {
        if (d.kind() != Decision.Kind.EXITS) {
            return Setting.shortOf(d);
        }
        int reason = d.reason().number();
        return "exits " + reason + " " + Long.toHexString(d.qualification()) + " vector " + d.vector()
                + (definesLength(reason, d.vector()) ? " length " + d.instructionLengthBytes() : "")
                + " address " + Long.toHexString(d.guestLinearAddress())
                + information(reason, i, d.instructionInformation());
    }

    /** SDM vol. 3, 27.2.4: not for what is like a trap, nor for exceptions that are like faults (#BR, #UD). */
    private static boolean definesLength(int reason, int vector) {
        return reason != 43 && vector != 5 && vector != 6;
    }

    /** SDM vol. 3, 27.2.1: string I/O, and LMSW from memory. */
    private static long linearAddress(NaiveState s, int reason) {
        boolean string = s.i == Instruction.INS || s.i == Instruction.OUTS;
        boolean lmsw = s.i == Instruction.LMSW
                && LmswOperand.unpack((int) s.o.operand()).isMemory();
        return reason == 30 && string || reason == 28 && lmsw ? s.o.value() : 0;
    }

    /** Bits 29:28 of tables 27-10 and 27-11; elsewhere only whether there has to be nothing. */
    private static String information(int reason, Instruction i, long value) {
        return switch (reason) {
            case 46, 47 -> " identity " + (value >>> 28 & 3);
            case 19, 21, 22, 23, 25, 27, 50, 53, 57, 58, 61, 63, 64, 67, 68 -> "";
            case 30 -> i == Instruction.INS || i == Instruction.OUTS ? "" : " information " + value;
            default -> " information " + value;
        };
    }

    private static long identity(Instruction i) {
        return switch (i) {
            case SIDT, STR -> 1L << 28;
            case LGDT, LLDT -> 2L << 28;
            case LIDT, LTR -> 3L << 28;
            default -> 0;
        };
    }
}
