package hvsim.vmm.interrupt;

import hvsim.cpu.Vcpu;
import hvsim.cpu.event.Event;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.state.Interruptibility;

/**
 * Event channels of a kernel that was changed for them: what waits is a bit in memory that it shares with the hypervisor,
 * and its IF is another. It clears both itself: there is no end of an interrupt to tell anybody. A port has the number of
 * the vector that the kernel has bound to it.
 */
public final class EventChannels extends SoftwareApic {
    private static final int FOR_ONE_INSTRUCTION = Interruptibility.BY_STI | Interruptibility.BY_MOV_SS;

    /** @param port within the VM, of its own */
    public EventChannels(Vcpu vcpu, int port) {
        super(vcpu, port);
    }

    @Override
    public void left() {
        vcpu.registers().interruptibility &= ~FOR_ONE_INSTRUCTION;
    }

    /** An upcall for what waits, unless the guest masks it: then it finds it when it looks. */
    @Override
    public void enter() {
        takeTaskPriority();
        boolean isHeldBack = (vcpu.registers().interruptibility & FOR_ONE_INSTRUCTION) != 0;
        if (hasWaiting() && !isHeldBack && !vcpu.isBouncing()) {
            vcpu.bounce(Event.interrupt(registers.acknowledge()));
            registers.endOfInterrupt();
        }
        vcpu.setEventsPending(registers.pending() != VectorSet.NONE);
    }

    @Override
    public boolean bounces() {
        return true;
    }
}
