package hvsim.cpu.instruction;

import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.vmx.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * What the processor does with an instruction.
 *
 * @param rule that decided
 * @param vector of a fault, or of the exception that exits
 * @param errorCode of a fault; {@link #NO_ERROR_CODE} where the vector pushes none
 * @param reason of a VM exit, else null
 * @param qualification exit qualification
 * @param instructionLengthBytes field 440CH; 0 where it does not exit
 * @param instructionInformation field 440EH; 0 where the exit does not define it, and in bits that are undefined
 * @param guestLinearAddress field 640AH; 0 where the exit does not define it
 * @param isSilentlyDifferent it executes, but other than at CPL 0, and nobody is told
 */
public record Decision(
        Kind kind,
        Rule rule,
        int vector,
        int errorCode,
        @Nullable ExitReason reason,
        long qualification,
        int instructionLengthBytes,
        long instructionInformation,
        long guestLinearAddress,
        boolean isSilentlyDifferent) {
    public static final int NO_ERROR_CODE = -1;

    /** The three ways. */
    public enum Kind {
        EXECUTES,
        FAULTS,
        EXITS
    }

    public static final Decision EXECUTES = executes(Rule.NOTHING_HINDERS, false);
    public static final Decision SILENTLY_DIFFERENT = executes(Rule.DEPRIVILEGED, true);

    private static Decision executes(Rule rule, boolean different) {
        return new Decision(Kind.EXECUTES, rule, 0, NO_ERROR_CODE, null, 0, 0, 0, 0, different);
    }

    /** A fault; its error code is 0 where the vector pushes one. */
    public static Decision fault(Rule rule, ExceptionVector vector) {
        return fault(rule, vector, vector.hasErrorCode() ? 0 : NO_ERROR_CODE);
    }

    public static Decision fault(Rule rule, ExceptionVector vector, int errorCode) {
        return new Decision(Kind.FAULTS, rule, vector.number(), errorCode, null, 0, 0, 0, 0, false);
    }

    static Decision undefined(Rule rule) {
        return fault(rule, ExceptionVector.INVALID_OPCODE);
    }

    static Decision protection(Rule rule) {
        return fault(rule, ExceptionVector.GENERAL_PROTECTION);
    }

    public static Decision exit(
            Rule rule, ExitReason reason, long qualification, int lengthBytes, long information, long gva) {
        return new Decision(
                Kind.EXITS, rule, 0, NO_ERROR_CODE, reason, qualification, lengthBytes, information, gva, false);
    }

    /** An exception that exits by the exception bitmap. */
    static Decision exceptionExit(ExceptionVector vector, int lengthBytes) {
        Rule rule = Rule.EXITS_BY_EXCEPTION_BITMAP;
        ExitReason reason = ExitReason.EXCEPTION_NMI;
        return new Decision(Kind.EXITS, rule, vector.number(), NO_ERROR_CODE, reason, 0, lengthBytes, 0, 0, false);
    }

    /** Whether it exits after it executed, with RIP at the next instruction. */
    public boolean isTrapLike() {
        return reason == ExitReason.TPR_BELOW_THRESHOLD;
    }
}
