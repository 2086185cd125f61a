package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;

/**
 * Values that an MSR can have: WRMSR of others is a #GP.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 35.1 and 11.12.2; vol. 2, WRMSR.
 */
public final class MsrRules {
    static final long EFER_RESERVED =
            ~(Registers.EFER_SCE | Registers.EFER_LME | Registers.EFER_LMA | Registers.EFER_NXE);

    /** Four general counters and three fixed ones. */
    static final long PERF_GLOBAL_CTRL_RESERVED = ~0x7_0000_000FL;

    /** LBR, BTF, TR, BTS, BTINT, two that stop BTS by privilege, two that freeze at PMIs, uncore, SMM, RTM. */
    static final long DEBUGCTL_RESERVED = ~0xFFC3L;

    static final long DEBUGCTL_BTF = 1 << 1;

    /** Bits 11:2 of IA32_BNDCFGS. */
    static final long BNDCFGS_RESERVED = 0xFFC;

    /** Memory types 0, 1, 4, 5, 6 and 7 exist. */
    private static final int PAT_TYPES = 0xF3;

    private static final int IA32_TSC_AUX = 0xC000_0103;
    private static final int FS_BASE = 0xC000_0100;
    private static final int GS_BASE = 0xC000_0101;
    private static final int IA32_SMM_MONITOR_CTL = 0x9B;

    private MsrRules() {}

    /** What entries of a list may not name: FS.base and GS.base, x2APIC registers, MSRs of system management. */
    static boolean isBarredFromLists(int msr) {
        return msr == FS_BASE || msr == GS_BASE || msr == IA32_SMM_MONITOR_CTL || isX2Apic(msr);
    }

    static boolean isX2Apic(int msr) {
        return msr >>> 8 == 8;
    }

    /** Whether WRMSR of the value at CPL 0 is no #GP. An MSR that has no rule takes any value. */
    public static boolean isWritable(int msr, long value, VmxCapability capability) {
        return switch (msr) {
            case 0x1D9 -> (value & DEBUGCTL_RESERVED) == 0;
            case 0x277 -> isPat(value);
            case 0x38F -> (value & PERF_GLOBAL_CTRL_RESERVED) == 0;
            case 0xC000_0080 -> (value & EFER_RESERVED) == 0;
            case 0x174, IA32_TSC_AUX -> value >>> 32 == 0;
            case 0x175, 0x176, 0xC000_0082, 0xC000_0083, FS_BASE, GS_BASE, 0xC000_0102 -> capability.isCanonical(value);
            case 0xD90 -> (value & BNDCFGS_RESERVED) == 0 && capability.isCanonical(value & ~0xFFFL);
            default -> !VmxMsr.has(msr);
        };
    }

    /** Whether each of the eight bytes is a memory type. */
    static boolean isPat(long value) {
        for (int shift = 0; shift < 64; shift += 8) {
            int type = (int) (value >>> shift) & 0xFF;
            if (type > 7 || (PAT_TYPES >> type & 1) == 0) {
                return false;
            }
        }
        return true;
    }
}
