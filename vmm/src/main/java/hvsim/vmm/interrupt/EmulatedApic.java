package hvsim.vmm.interrupt;

import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.ApicRegister;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.apic.VirtualApic;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Software keeps the whole of it: what waits is injected with an entry, and while the guest is not open for it, the
 * interrupt window exits as soon as it is. The hardware keeps the task priority, if there is a page for it.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.5, 29.1.2, 33.2.
 */
final class EmulatedApic implements GuestApic {
    private static final int TPR_CLASS_SHIFT = 4;

    private final Vcpu vcpu;
    private final LocalApic registers;
    private final @Nullable VirtualApic shadow;

    /**
     * @param apicId within the VM
     * @param shadow the page that has the task priority, or null
     */
    EmulatedApic(Vcpu vcpu, int apicId, @Nullable VirtualApic shadow) {
        this.vcpu = vcpu;
        this.registers = new LocalApic(apicId);
        this.shadow = shadow;
    }

    @Override
    public LocalApic registers() {
        return registers;
    }

    @Override
    public @Nullable InterruptCommand request(int vector) {
        registers.accept(vector);
        return null;
    }

    @Override
    public void advance(long now) {
        registers.advance(now);
    }

    @Override
    public boolean hasWaiting() {
        return registers.pending() != VectorSet.NONE && (vcpu.registers().rflags & Registers.RFLAGS_IF) != 0;
    }

    @Override
    public long read(int msr, long now) {
        return registers.read(msr, now);
    }

    @Override
    public LocalApic.Effect write(int msr, long value, long now) {
        LocalApic.Effect effect = registers.write(msr, value, now);
        if (msr == ApicMsr.TASK_PRIORITY) {
            showTaskPriority();
        }
        return effect;
    }

    private void showTaskPriority() {
        vcpu.registers().cr8 = (long) registers.taskPriority() >>> TPR_CLASS_SHIFT;
        if (shadow != null) {
            shadow.write(ApicRegister.TASK_PRIORITY, registers.taskPriority());
        }
    }

    @Override
    public InterruptCommand leftCommand() {
        throw new IllegalStateException("no hardware carries out commands of " + vcpu.name());
    }

    @Override
    public void place(Place place, int coreApicId) {
        // nobody needs to know: software finds it through the scheduler
    }

    @Override
    public void left() {
        takeTaskPriority();
    }

    /** MOV to CR8 that was emulated has changed the register; one that did not exit, the page. */
    private void takeTaskPriority() {
        if (shadow != null) {
            registers.setTaskPriority(shadow.read(ApicRegister.TASK_PRIORITY));
        } else if (vcpu.registers().cr8 != registers.taskPriority() >>> TPR_CLASS_SHIFT) {
            registers.setTaskPriority((int) vcpu.registers().cr8 << TPR_CLASS_SHIFT);
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
    public boolean bounces() {
        return false;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        registers.transfer(snapshot);
    }
}
