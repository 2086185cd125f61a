package hvsim.vmm.interrupt;

import hvsim.cpu.Vcpu;
import hvsim.cpu.event.Event;
import hvsim.cpu.state.Interruptibility;

/**
 * Software keeps the whole of it for a deprivileged guest: what waits is bounced to the guest's kernel with a return to
 * it, if the flags let it in that the guest believes in. Of a flag that the guest has changed without a trap, nobody
 * knows.
 */
public final class BouncedApic extends SoftwareApic {
    private static final int FOR_ONE_INSTRUCTION = Interruptibility.BY_STI | Interruptibility.BY_MOV_SS;

    /** @param apicId within the VM */
    public BouncedApic(Vcpu vcpu, int apicId) {
        super(vcpu, apicId);
    }

    /** What STI and MOV SS hold back comes with the first return after the instruction that they protect. */
    @Override
    public void left() {
        // of that instruction the processor's own traps tell whether it is over
    }

    /** A MOV to CR8 that was emulated may have let it in. */
    @Override
    public boolean hasWaiting() {
        takeTaskPriority();
        return super.hasWaiting();
    }

    @Override
    public void enter() {
        boolean isHeldBack = (vcpu.registers().interruptibility & FOR_ONE_INSTRUCTION) != 0;
        if (hasWaiting() && !isHeldBack && !vcpu.isBouncing()) {
            vcpu.bounce(Event.interrupt(registers.acknowledge()));
        }
    }

    @Override
    public boolean bounces() {
        return true;
    }
}
