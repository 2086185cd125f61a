package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;
import java.util.function.ToLongFunction;

/**
 * The VMX capability MSRs.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), appendix A.
 */
public enum VmxMsr {
    IA32_VMX_BASIC(0x480, c -> VmxMsr.basic()),
    IA32_VMX_PINBASED_CTLS(0x481, c -> c.settings(VmcsField.PIN_BASED_CONTROLS)),
    IA32_VMX_PROCBASED_CTLS(0x482, c -> c.settings(VmcsField.PRIMARY_CONTROLS)),
    IA32_VMX_EXIT_CTLS(0x483, c -> c.settings(VmcsField.EXIT_CONTROLS)),
    IA32_VMX_ENTRY_CTLS(0x484, c -> c.settings(VmcsField.ENTRY_CONTROLS)),
    IA32_VMX_MISC(0x485, VmxCapability::misc),
    IA32_VMX_CR0_FIXED0(0x486, c -> VmxMsr.CR0_FIXED0),
    IA32_VMX_CR0_FIXED1(0x487, c -> VmxMsr.CR0_FIXED1),
    IA32_VMX_CR4_FIXED0(0x488, c -> VmxMsr.CR4_FIXED0),
    IA32_VMX_CR4_FIXED1(0x489, c -> VmxMsr.CR4_FIXED1),
    IA32_VMX_VMCS_ENUM(0x48A, VmxMsr::highestIndex),
    IA32_VMX_PROCBASED_CTLS2(0x48B, c -> c.settings(VmcsField.SECONDARY_CONTROLS)),
    IA32_VMX_EPT_VPID_CAP(0x48C, c -> c.paging().eptVpidCap()),
    IA32_VMX_TRUE_PINBASED_CTLS(0x48D, c -> c.trueSettings(VmcsField.PIN_BASED_CONTROLS)),
    IA32_VMX_TRUE_PROCBASED_CTLS(0x48E, c -> c.trueSettings(VmcsField.PRIMARY_CONTROLS)),
    IA32_VMX_TRUE_EXIT_CTLS(0x48F, c -> c.trueSettings(VmcsField.EXIT_CONTROLS)),
    IA32_VMX_TRUE_ENTRY_CTLS(0x490, c -> c.trueSettings(VmcsField.ENTRY_CONTROLS)),
    /** Allowed-1 bits only, 64 of them. */
    IA32_VMX_VMFUNC(0x491, c -> c.mayBeOne(VmcsField.VM_FUNCTION_CONTROLS)),
    /** Likewise. */
    IA32_VMX_PROCBASED_CTLS3(0x492, c -> c.mayBeOne(VmcsField.TERTIARY_CONTROLS));

    /** Bits of CR0 that are 1 in VMX operation. */
    static final long CR0_FIXED0 = Registers.CR0_PE | Registers.CR0_NE | Registers.CR0_PG;

    /** Bits of CR0 that may be 1. */
    static final long CR0_FIXED1 = 0xFFFF_FFFFL;

    /** Bits of CR4 that are 1 in VMX operation. */
    static final long CR4_FIXED0 = Registers.CR4_VMXE;

    /** Bits of CR4 that may be 1: all that the model has, bit 10 (OSXMMEXCPT) among them. */
    static final long CR4_FIXED1 = 0x7F_7FFF & ~(1 << 15 | 1 << 19);

    // IA32_VMX_BASIC: size of a region, write-back memory for structures, INS and OUTS information, TRUE MSRs.
    private static final long REGION_BYTES = 4096L << 32;
    private static final long WRITE_BACK = 6L << 50;
    private static final long STRING_INFORMATION = 1L << 54;
    private static final long TRUE_CONTROLS = 1L << 55;

    private final int number;
    private final ToLongFunction<VmxCapability> value;

    VmxMsr(int number, ToLongFunction<VmxCapability> value) {
        this.number = number;
        this.value = value;
    }

    public int number() {
        return number;
    }

    /** What RDMSR gives on a processor with that capability. */
    public long value(VmxCapability capability) {
        return value.applyAsLong(capability);
    }

    /**
     * The MSR with that number.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static VmxMsr byNumber(int number) {
        if (!has(number)) {
            throw new IllegalArgumentException(Integer.toHexString(number) + "H is no VMX capability MSR");
        }
        return values()[number - IA32_VMX_BASIC.number];
    }

    public static boolean has(int number) {
        return number >= IA32_VMX_BASIC.number && number <= IA32_VMX_PROCBASED_CTLS3.number;
    }

    private static long basic() {
        return VmxCapability.REVISION_ID | REGION_BYTES | WRITE_BACK | STRING_INFORMATION | TRUE_CONTROLS;
    }

    /** Bits 9:1: the highest index of any field's encoding. */
    private static long highestIndex(VmxCapability capability) {
        long highest = 0;
        for (VmcsField field : VmcsField.values()) {
            highest = capability.isImplemented(field) ? Math.max(highest, field.encoding() & 0x3FE) : highest;
        }
        return highest;
    }
}
