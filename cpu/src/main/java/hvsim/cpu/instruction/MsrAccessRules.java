package hvsim.cpu.instruction;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.MsrRules;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.cpu.vmx.VmxControl;
import org.jspecify.annotations.Nullable;

/**
 * Model-specific registers: the bitmaps that make their access exit, and which are there at all.
 *
 * <pre>
 *  the bitmaps' page   000H reads of 0 to 1FFFH        400H reads of C0000000H to C0001FFFH
 *                      800H writes of 0 to 1FFFH       C00H writes of C0000000H to C0001FFFH
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 24.6.9 and 25.1.3. That every number which the bitmaps cover is a register,
 * and no other, is the model's.
 */
final class MsrAccessRules {
    static final int IA32_FEATURE_CONTROL = 0x3A;
    static final int IA32_SYSENTER_CS = 0x174;
    static final int IA32_XSS = 0xDA0;
    private static final int IA32_EFER = 0xC000_0080;

    private static final int BITMAP_BYTES = 0x400;
    private static final int HIGH = 0xC000_0000;
    private static final int MSRS_OF_A_BITMAP = 0x2000;

    private MsrAccessRules() {}

    static @Nullable Rule exit(Operation o, Processor p, boolean write) {
        if (!p.has(VmxControl.USE_MSR_BITMAPS)) {
            return Rule.EXITS_BY_CONTROL;
        }
        int msr = o.bits();
        long page = p.vmcs().read(VmcsField.MSR_BITMAP) + (write ? 2 * BITMAP_BYTES : 0);
        boolean exits = isLow(msr) ? p.bitAt(page, msr) : !isHigh(msr) || p.bitAt(page + BITMAP_BYTES, msr - HIGH);
        return exits ? Rule.EXITS_BY_BITMAP : null;
    }

    private static boolean isLow(int msr) {
        return msr >= 0 && msr < MSRS_OF_A_BITMAP;
    }

    private static boolean isHigh(int msr) {
        return isLow(msr - HIGH);
    }

    static @Nullable Decision lateFault(Operation o, Processor p, boolean write) {
        int msr = o.bits();
        boolean exists = write || !ApicMsr.has(msr) ? isLow(msr) || isHigh(msr) : isReadable(msr, p);
        return exists && (!write || takes(msr, o.value(), p)) ? null : Decision.protection(Rule.BAD_VALUE);
    }

    /** A register of the local APIC: in a virtual one all of the range can be read (29.5). */
    private static boolean isReadable(int msr, Processor p) {
        return ApicMsr.isReadable(msr)
                || p.has(VmxControl.VIRTUALIZE_X2APIC_MODE) && p.has(VmxControl.APIC_REGISTER_VIRTUALIZATION);
    }

    private static boolean takes(int msr, long value, Processor p) {
        if (ApicMsr.has(msr)) {
            return ApicMsr.takes(msr, value);
        }
        if (!MsrRules.isWritable(msr, value, VmxCapability.ALL)) {
            return false;
        }
        boolean changesMode = ((value ^ p.registers().efer) & Registers.EFER_LME) != 0 && p.cr0(Registers.CR0_PG);
        return msr != IA32_EFER || !changesMode;
    }
}
