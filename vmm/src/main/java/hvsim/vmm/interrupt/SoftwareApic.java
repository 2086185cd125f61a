package hvsim.vmm.interrupt;

import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.state.Registers;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/** A guest's local APIC that the hypervisor keeps in software; how an interrupt reaches the guest is left open. */
abstract sealed class SoftwareApic implements GuestApic permits BouncedApic, EmulatedApic, EventChannels {
    static final int TPR_CLASS_SHIFT = 4;

    final Vcpu vcpu;
    final LocalApic registers;

    /** @param apicId within the VM */
    SoftwareApic(Vcpu vcpu, int apicId) {
        this.vcpu = vcpu;
        this.registers = new LocalApic(apicId);
    }

    @Override
    public final LocalApic registers() {
        return registers;
    }

    @Override
    public final @Nullable InterruptCommand request(int vector) {
        registers.accept(vector);
        return null;
    }

    @Override
    public final void advance(long now) {
        registers.advance(now);
    }

    @Override
    public boolean hasWaiting() {
        return registers.pending() != VectorSet.NONE && (vcpu.registers().rflags & Registers.RFLAGS_IF) != 0;
    }

    @Override
    public final long read(int msr, long now) {
        return registers.read(msr, now);
    }

    @Override
    public final LocalApic.Effect write(int msr, long value, long now) {
        LocalApic.Effect effect = registers.write(msr, value, now);
        showTaskPriority();
        return effect;
    }

    /** The guest's CR8 is what the register of the local APIC says. */
    void showTaskPriority() {
        vcpu.registers().cr8 = (long) registers.taskPriority() >>> TPR_CLASS_SHIFT;
    }

    /** A MOV to CR8 that was emulated has changed the guest's register. */
    void takeTaskPriority() {
        if (vcpu.registers().cr8 != registers.taskPriority() >>> TPR_CLASS_SHIFT) {
            registers.setTaskPriority((int) vcpu.registers().cr8 << TPR_CLASS_SHIFT);
        }
    }

    @Override
    public final InterruptCommand leftCommand() {
        throw new IllegalStateException("no hardware carries out commands of " + vcpu.name());
    }

    @Override
    public final void place(Place place, int coreApicId) {
        // nobody needs to know: software finds it through the scheduler
    }

    @Override
    public final void transfer(Snapshot snapshot) {
        registers.transfer(snapshot);
    }
}
