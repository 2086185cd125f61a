package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;

/**
 * What a VMX instruction reports in RFLAGS:
 *
 * <pre>
 *                 CF  ZF  PF AF SF OF   VM-instruction error
 *  VMsucceed       0   0       0
 *  VMfailInvalid   1   0       0        there is no VMCS to hold one
 *  VMfailValid     0   1       0        its number
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 30.2.
 *
 * @param error of VMfailValid; else none
 */
public record VmxResult(Kind kind, VmxError error) {
    public static final VmxResult SUCCEED = new VmxResult(Kind.SUCCEED, VmxError.NONE);
    public static final VmxResult FAIL_INVALID = new VmxResult(Kind.FAIL_INVALID, VmxError.NONE);

    /** No flags: the instruction is a #GP(0). */
    public static final VmxResult GENERAL_PROTECTION = new VmxResult(Kind.GENERAL_PROTECTION, VmxError.NONE);

    /** The three conventions, and the fault that VMXON alone has of its own. */
    public enum Kind {
        SUCCEED,
        FAIL_INVALID,
        FAIL_VALID,
        GENERAL_PROTECTION
    }

    /** CF, PF, AF, ZF, SF and OF. */
    private static final long STATUS_FLAGS = 0x8D5;

    static VmxResult failValid(VmxError error) {
        return new VmxResult(Kind.FAIL_VALID, error);
    }

    public boolean succeeds() {
        return kind == Kind.SUCCEED;
    }

    /** RFLAGS after the instruction. */
    public long rflags(long before) {
        return switch (kind) {
            case SUCCEED -> before & ~STATUS_FLAGS;
            case FAIL_INVALID -> before & ~STATUS_FLAGS | Registers.RFLAGS_CF;
            case FAIL_VALID -> before & ~STATUS_FLAGS | Registers.RFLAGS_ZF;
            case GENERAL_PROTECTION -> before;
        };
    }
}
