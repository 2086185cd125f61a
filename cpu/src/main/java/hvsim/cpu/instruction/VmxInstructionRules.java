package hvsim.cpu.instruction;

import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.EptpSwitching;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.cpu.vmx.VmxControl;
import org.jspecify.annotations.Nullable;

/** Exits of VMREAD, VMWRITE and VMFUNC, and the faults of VMXON (SDM vol. 3, 325384-059US, 25.5.5 and 30.3). */
final class VmxInstructionRules {
    private static final int EPTP_SWITCHING = 0;
    private static final long LOCKED_WITH_VMX = 1 | 1 << 2;
    private static final long FIXED_CR0 = Registers.CR0_PE | Registers.CR0_NE | Registers.CR0_PG;

    private VmxInstructionRules() {}

    /** With VMCS shadowing a field whose bit is clear is the shadow VMCS's. */
    static @Nullable Rule exitOfFieldAccess(Operation o, Processor p) {
        if (!p.has(VmxControl.VMCS_SHADOWING)) {
            return Rule.EXITS_BEFORE_PRIVILEGE;
        }
        boolean read = o.instruction() == Instruction.VMREAD;
        long field = o.operand();
        return field >>> 15 != 0 || p.bitOf(read ? VmcsField.VMREAD_BITMAP : VmcsField.VMWRITE_BITMAP, field)
                ? Rule.EXITS_BY_BITMAP
                : null;
    }

    static @Nullable Rule exitOfFunction(Operation o, Processor p) {
        boolean switches = o.bits() == EPTP_SWITCHING
                && EptpSwitching.pointer(p.vmcs(), (int) o.value(), p.memory(), VmxCapability.ALL)
                        .isPresent();
        return switches ? null : Rule.EXITS_AT_A_VM_FUNCTION;
    }

    /** VMXON outside VMX operation: fixed bits of CR0, and what firmware allows. */
    static @Nullable Rule faultOfVmxon(Processor p) {
        if (!p.isOutsideVmx()) {
            return null;
        }
        if ((p.registers().cr0 & FIXED_CR0) != FIXED_CR0) {
            return Rule.FIXED_IN_VMX;
        }
        boolean permitted = (p.msrs().read(MsrAccessRules.IA32_FEATURE_CONTROL) & LOCKED_WITH_VMX) == LOCKED_WITH_VMX;
        return permitted ? null : Rule.VMX_LOCKED;
    }
}
