package hvsim.cpu;

import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.ExitReasonField;
import hvsim.cpu.vmx.VmcsField;

/**
 * The VM exit that a hypervisor has to handle: a view of the VMCS's exit-information fields, and of the
 * registers that hold an instruction's operands.
 *
 * @param operand port or MSR of the exiting instruction; 0 for others
 * @param value what the instruction would have written; 0 for others
 */
public record VmExit(Vcpu vcpu, int operand, long value) {
    public ExitReason reason() {
        return ExitReasonField.reason(vcpu.vmcs().read(VmcsField.EXIT_REASON));
    }

    /** The privilege level of the instruction that the guest was left at. */
    public int cpl() {
        return vcpu.cplOfInstruction();
    }

    public long qualification() {
        return vcpu.vmcs().read(VmcsField.EXIT_QUALIFICATION);
    }

    public long guestPhysicalAddress() {
        return vcpu.vmcs().read(VmcsField.GUEST_PHYSICAL_ADDRESS);
    }
}
