package hvsim.cpu.instruction;

import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import org.jspecify.annotations.Nullable;

/**
 * What control registers take, and what a load of one leaves in it. Bits that a guest/host mask gives to the host keep
 * their value, and are not checked.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 2.5, 4.1, 4.10.1, 23.8 and 25.3; vol. 2, MOV to and from control
 * registers.
 */
public final class ControlRegisterValues {
    private static final long CR0_BITS = Registers.CR0_PE
            | Registers.CR0_MP
            | Registers.CR0_EM
            | Registers.CR0_TS
            | Registers.CR0_ET
            | Registers.CR0_NE
            | Registers.CR0_WP
            | Registers.CR0_AM
            | Registers.CR0_NW
            | Registers.CR0_CD
            | Registers.CR0_PG;
    private static final long CR0_FIXED = Registers.CR0_PE | Registers.CR0_NE | Registers.CR0_PG;

    /** Bits 22:0 but 15 and 19, as the capability MSRs have it. */
    private static final long CR4_BITS = 0x0077_7FFF;

    private static final long CR8_BITS = 0xF;

    private ControlRegisterValues() {}

    /** CR0 as the program sees it. */
    public static long visibleCr0(Processor p) {
        return visible(p.registers().cr0, VmcsField.CR0_GUEST_HOST_MASK, VmcsField.CR0_READ_SHADOW, p);
    }

    /** CR4 as the program sees it. */
    public static long visibleCr4(Processor p) {
        return visible(p.registers().cr4, VmcsField.CR4_GUEST_HOST_MASK, VmcsField.CR4_READ_SHADOW, p);
    }

    /** In non-root mode the shadow where the mask says so. */
    private static long visible(long real, VmcsField maskField, VmcsField shadow, Processor p) {
        long mask = p.isNonRoot() ? p.vmcs().read(maskField) : 0;
        return mask == 0 ? real : real & ~mask | p.vmcs().read(shadow) & mask;
    }

    /** CR0 after MOV to CR0. */
    public static long cr0After(long value, Processor p) {
        long taken = value & CR0_BITS | Registers.CR0_ET;
        return merge(taken, p.registers().cr0, VmcsField.CR0_GUEST_HOST_MASK, p);
    }

    /** CR4 after MOV to CR4. */
    public static long cr4After(long value, Processor p) {
        return merge(value, p.registers().cr4, VmcsField.CR4_GUEST_HOST_MASK, p);
    }

    private static long merge(long value, long real, VmcsField maskField, Processor p) {
        long mask = p.isNonRoot() ? p.vmcs().read(maskField) : 0;
        return real & mask | value & ~mask;
    }

    static @Nullable Rule faultOfCr0(long value, Processor p) {
        Registers r = p.registers();
        long after = cr0After(value, p);
        boolean paging = (after & Registers.CR0_PG) != 0;
        boolean pagingBefore = p.cr0(Registers.CR0_PG);
        boolean longMode = (r.efer & Registers.EFER_LME) != 0;
        boolean bad = value >>> 32 != 0
                || paging && (after & Registers.CR0_PE) == 0
                || (after & Registers.CR0_NW) != 0 && (after & Registers.CR0_CD) == 0
                || paging && !pagingBefore && longMode && (!p.cr4(Registers.CR4_PAE) || r.codeIs64Bit)
                || !paging && pagingBefore && (r.is64BitMode() || p.cr4(Registers.CR4_PCIDE))
                || (after & Registers.CR0_WP) == 0 && p.cr4(Registers.CR4_CET);
        if (bad) {
            return Rule.BAD_VALUE;
        }
        boolean unrestricted = p.has(VmxControl.UNRESTRICTED_GUEST);
        long fixed = p.isOutsideVmx() ? 0 : unrestricted ? Registers.CR0_NE : CR0_FIXED;
        return clearsFixed(after, fixed, VmcsField.CR0_GUEST_HOST_MASK, p);
    }

    static @Nullable Rule faultOfCr4(long value, Processor p) {
        Registers r = p.registers();
        long after = cr4After(value, p);
        long changed = after ^ r.cr4;
        boolean pcid = (after & Registers.CR4_PCIDE) != 0 && (changed & Registers.CR4_PCIDE) != 0;
        boolean bad = (after & ~CR4_BITS) != 0
                || r.isLongMode() && ((after & Registers.CR4_PAE) == 0 || (changed & Registers.CR4_LA57) != 0)
                || pcid && (!r.isLongMode() || (r.cr3 & Registers.CR3_PCID) != 0)
                || (after & Registers.CR4_CET) != 0 && !p.cr0(Registers.CR0_WP);
        long fixed = p.isOutsideVmx() ? 0 : Registers.CR4_VMXE;
        return bad ? Rule.BAD_VALUE : clearsFixed(after, fixed, VmcsField.CR4_GUEST_HOST_MASK, p);
    }

    private static @Nullable Rule clearsFixed(long after, long fixed, VmcsField maskField, Processor p) {
        long mask = p.isNonRoot() ? p.vmcs().read(maskField) : 0;
        return (fixed & ~after & ~mask) != 0 ? Rule.FIXED_IN_VMX : null;
    }

    static @Nullable Rule faultOfCr3(long value, Processor p) {
        boolean keep = p.cr4(Registers.CR4_PCIDE);
        long reserved = ~(Registers.CR3_ROOT | Registers.CR3_PCID | (keep ? Registers.CR3_KEEP : 0));
        return (value & reserved) != 0 ? Rule.BAD_VALUE : null;
    }

    static @Nullable Rule faultOfCr8(long value) {
        return (value & ~CR8_BITS) != 0 ? Rule.BAD_VALUE : null;
    }
}
