package hvsim.vmm.cpu.exit;

import hvsim.cpu.VmExit;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;

/**
 * Events of a guest that an exit took from it, and that its kernel gets with the next entry after all.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.5, 27.2.2, 27.2.3, 31.7.1.2.
 */
public final class Reinjection {
    private Reinjection() {}

    /** An event whose delivery the exit interrupted, unless another one is injected. */
    public static void ofInterrupted(VmExit exit) {
        Vmcs vmcs = exit.vcpu().vmcs();
        long info = vmcs.read(VmcsField.IDT_VECTORING_INFO);
        if (InterruptionInfo.isValid(info) && !InterruptionInfo.isValid(vmcs.read(VmcsField.ENTRY_INTERRUPTION_INFO))) {
            unblockNmi(info, vmcs);
            vmcs.write(VmcsField.ENTRY_INTERRUPTION_INFO, info & ~InterruptionInfo.NMI_UNBLOCKING);
            vmcs.write(VmcsField.ENTRY_EXCEPTION_ERROR_CODE, vmcs.read(VmcsField.IDT_VECTORING_ERROR_CODE));
            vmcs.write(VmcsField.ENTRY_INSTRUCTION_LENGTH, vmcs.read(VmcsField.EXIT_INSTRUCTION_LENGTH));
        }
    }

    /** An NMI blocks others from the beginning of its delivery, and no entry injects one that is blocked. */
    private static void unblockNmi(long info, Vmcs vmcs) {
        if (InterruptionInfo.type(info) == InterruptionType.NMI) {
            long blocking = vmcs.read(VmcsField.GUEST_INTERRUPTIBILITY_STATE);
            vmcs.write(VmcsField.GUEST_INTERRUPTIBILITY_STATE, blocking & ~Interruptibility.BY_NMI);
        }
    }

    /** The exception that exited; an NMI that did is the host's own. */
    public static void ofCause(VmExit exit) {
        Vmcs vmcs = exit.vcpu().vmcs();
        long info = vmcs.read(VmcsField.EXIT_INTERRUPTION_INFO);
        if (InterruptionInfo.type(info) == InterruptionType.NMI) {
            return;
        }
        if (InterruptionInfo.vector(info) == ExceptionVector.PAGE_FAULT.number()) {
            exit.vcpu().registers().cr2 = exit.qualification(); // no entry loads CR2: that is software's task
        }
        vmcs.write(VmcsField.ENTRY_INTERRUPTION_INFO, info);
        vmcs.write(VmcsField.ENTRY_EXCEPTION_ERROR_CODE, vmcs.read(VmcsField.EXIT_INTERRUPTION_ERROR_CODE));
    }
}
