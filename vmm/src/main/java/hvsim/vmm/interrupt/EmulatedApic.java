package hvsim.vmm.interrupt;

import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.ApicRegister;
import hvsim.cpu.apic.VirtualApic;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import org.jspecify.annotations.Nullable;

/**
 * Software keeps the whole of it: what waits is injected with an entry, and while the guest is not open for it, the
 * interrupt window exits as soon as it is. The hardware keeps the task priority, if there is a page for it.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.5, 29.1.2, 33.2.
 */
sealed class EmulatedApic extends SoftwareApic permits GuestHypervisorApic {
    private final @Nullable VirtualApic shadow;

    /**
     * @param apicId within the VM
     * @param shadow the page that has the task priority, or null
     */
    EmulatedApic(Vcpu vcpu, int apicId, @Nullable VirtualApic shadow) {
        super(vcpu, apicId);
        this.shadow = shadow;
    }

    @Override
    void showTaskPriority() {
        super.showTaskPriority();
        if (shadow != null) {
            shadow.write(ApicRegister.TASK_PRIORITY, registers.taskPriority());
        }
    }

    @Override
    public void left() {
        takeTaskPriority();
    }

    /** A MOV to CR8 that did not exit has changed the page. */
    @Override
    void takeTaskPriority() {
        if (shadow != null) {
            registers.setTaskPriority(shadow.read(ApicRegister.TASK_PRIORITY));
        } else {
            super.takeTaskPriority();
        }
    }

    @Override
    public void enter() {
        takeTaskPriority();
        Vmcs vmcs = vcpu.vmcs();
        if (registers.pending() != VectorSet.NONE && isOpen(vmcs)) {
            long info = InterruptionInfo.pack(InterruptionType.EXTERNAL_INTERRUPT, registers.acknowledge(), false);
            vmcs.write(VmcsField.ENTRY_INTERRUPTION_INFO, info);
        }
        vmcs.set(VmxControl.INTERRUPT_WINDOW_EXITING, registers.pending() != VectorSet.NONE);
        if (shadow != null) {
            vmcs.write(VmcsField.TPR_THRESHOLD, threshold());
        }
    }

    private static boolean isOpen(Vmcs vmcs) {
        long blocking = Interruptibility.BY_STI | Interruptibility.BY_MOV_SS;
        return (vmcs.read(VmcsField.GUEST_RFLAGS) & Registers.RFLAGS_IF) != 0
                && (vmcs.read(VmcsField.GUEST_INTERRUPTIBILITY_STATE) & blocking) == 0
                && !InterruptionInfo.isValid(vmcs.read(VmcsField.ENTRY_INTERRUPTION_INFO));
    }

    /** The class of the highest that waits, if the task priority is all that holds it back. */
    private int threshold() {
        int waiting = Math.max(registers.requested(), 0) >>> TPR_CLASS_SHIFT;
        return waiting <= registers.taskPriority() >>> TPR_CLASS_SHIFT ? waiting : 0;
    }

    @Override
    public final boolean bounces() {
        return false;
    }
}
