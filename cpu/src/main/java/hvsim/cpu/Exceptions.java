package hvsim.cpu;

import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;

/** Exception vectors that the model raises, and the rule of which of them exit. */
final class Exceptions {
    static final int INVALID_OPCODE = 6;
    static final int GENERAL_PROTECTION = 13;
    static final int PAGE_FAULT = 14;

    // Interruption information: 7..0 vector, 10..8 type (3: hardware exception), 11 error code valid, 31 valid.
    private static final long VALID = 1L << 31;
    private static final long HARDWARE_EXCEPTION = 3 << 8;
    private static final long HAS_ERROR_CODE = 1 << 11;

    private Exceptions() {}

    /** Whether an exception exits by the bitmap; for page faults the error code decides too (SDM vol. 3, 25.2). */
    static boolean exits(int vector, int errorCode, Vmcs vmcs) {
        boolean bit = (vmcs.read(VmcsField.EXCEPTION_BITMAP) >>> vector & 1) != 0;
        if (vector != PAGE_FAULT) {
            return bit;
        }
        long masked = errorCode & vmcs.read(VmcsField.PAGE_FAULT_ERROR_CODE_MASK);
        return bit == (masked == vmcs.read(VmcsField.PAGE_FAULT_ERROR_CODE_MATCH));
    }

    static long interruptionInfo(int vector) {
        return VALID | HARDWARE_EXCEPTION | vector | (vector == INVALID_OPCODE ? 0 : HAS_ERROR_CODE);
    }

    static int vectorOf(long interruptionInfo) {
        return (int) interruptionInfo & 0xFF;
    }

    static boolean isValid(long interruptionInfo) {
        return (interruptionInfo & VALID) != 0;
    }
}
