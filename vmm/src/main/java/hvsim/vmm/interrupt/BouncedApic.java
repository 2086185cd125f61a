package hvsim.vmm.interrupt;

import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.event.Event;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Software keeps the whole of it for a deprivileged guest: what waits is bounced to the guest's kernel with a return to
 * it, if the flags let it in that the guest believes in. Of a flag that the guest has changed without a trap, nobody
 * knows.
 */
public final class BouncedApic implements GuestApic {
    private static final int TPR_CLASS_SHIFT = 4;
    private static final int FOR_ONE_INSTRUCTION = Interruptibility.BY_STI | Interruptibility.BY_MOV_SS;

    private final Vcpu vcpu;
    private final LocalApic registers;

    /** @param apicId within the VM */
    public BouncedApic(Vcpu vcpu, int apicId) {
        this.vcpu = vcpu;
        this.registers = new LocalApic(apicId);
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
        vcpu.registers().cr8 = (long) registers.taskPriority() >>> TPR_CLASS_SHIFT;
        return effect;
    }

    @Override
    public InterruptCommand leftCommand() {
        throw new IllegalStateException("no hardware carries out commands of " + vcpu.name());
    }

    @Override
    public void place(Place place, int coreApicId) {
        // nobody needs to know: software finds it through the scheduler
    }

    /** An instruction is over, or has not begun: what STI and MOV SS hold back comes with the next return. */
    @Override
    public void left() {
        vcpu.registers().interruptibility &= ~FOR_ONE_INSTRUCTION;
    }

    @Override
    public void enter() {
        if (vcpu.registers().cr8 != registers.taskPriority() >>> TPR_CLASS_SHIFT) {
            registers.setTaskPriority((int) vcpu.registers().cr8 << TPR_CLASS_SHIFT);
        }
        boolean isHeldBack = (vcpu.registers().interruptibility & FOR_ONE_INSTRUCTION) != 0;
        if (hasWaiting() && !isHeldBack && !vcpu.isBouncing()) {
            vcpu.bounce(Event.interrupt(registers.acknowledge()));
        }
    }

    @Override
    public boolean bounces() {
        return true;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        registers.transfer(snapshot);
    }
}
