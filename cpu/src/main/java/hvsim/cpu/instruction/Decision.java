package hvsim.cpu.instruction;

import hvsim.cpu.vmx.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * What the processor does with an instruction.
 *
 * @param vector of a fault
 * @param errorCode of a fault; {@link #NO_ERROR_CODE} where the vector pushes none
 * @param reason of a VM exit, else null
 * @param qualification exit qualification
 * @param instructionInformation field 440EH; 0 where the exit does not define it
 * @param guestLinearAddress field 640AH; 0 where the exit does not define it
 * @param isSilentlyDifferent it executes, but other than at CPL 0, and nobody is told
 */
public record Decision(
        Kind kind,
        int vector,
        int errorCode,
        @Nullable ExitReason reason,
        long qualification,
        long instructionInformation,
        long guestLinearAddress,
        boolean isSilentlyDifferent) {
    public static final int NO_ERROR_CODE = -1;

    /** The four ways. */
    public enum Kind {
        EXECUTES,
        FAULTS,
        EXITS
    }

    public static final Decision EXECUTES = new Decision(Kind.EXECUTES, 0, NO_ERROR_CODE, null, 0, 0, 0, false);
    public static final Decision SILENTLY_DIFFERENT =
            new Decision(Kind.EXECUTES, 0, NO_ERROR_CODE, null, 0, 0, 0, true);

    public static Decision fault(int vector, int errorCode) {
        return new Decision(Kind.FAULTS, vector, errorCode, null, 0, 0, 0, false);
    }

    public static Decision exit(ExitReason reason, long qualification) {
        return exit(reason, qualification, 0, 0);
    }

    public static Decision exit(
            ExitReason reason, long qualification, long instructionInformation, long guestLinearAddress) {
        return new Decision(
                Kind.EXITS, 0, NO_ERROR_CODE, reason, qualification, instructionInformation, guestLinearAddress, false);
    }
}
