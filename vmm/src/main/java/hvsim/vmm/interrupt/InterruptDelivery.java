package hvsim.vmm.interrupt;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.instruction.Instruction;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;

/** The way of an interrupt to a virtual processor, wherever that is. */
final class InterruptDelivery {
    private final List<Core> cores;
    private final List<GuestApic> apics;
    private final Scheduler scheduler;
    private final long wakeCycles;

    /**
     * @param apics by the numbers of virtual processors, those of a VM one after another
     * @param wakeCycles from the decision to wake a virtual processor until another core can run it
     */
    InterruptDelivery(List<Core> cores, List<GuestApic> apics, Scheduler scheduler, long wakeCycles) {
        this.cores = cores;
        this.apics = apics;
        this.scheduler = scheduler;
        this.wakeCycles = wakeCycles;
    }

    /** A guest's command, carried out by the hypervisor on a core: what is to be sent goes into its program. */
    void send(Program program, int core, int sender, InterruptCommand command) {
        int senderId = idOf(sender);
        int first = sender - senderId;
        for (int vcpu = first; vcpu < apics.size() && idOf(vcpu) == vcpu - first; vcpu++) {
            if (command.mode().hasInterruptVector() && command.reaches(idOf(vcpu), senderId)) {
                deliver(program, core, vcpu, command.vector());
            }
        }
    }

    private int idOf(int vcpu) {
        return apics.get(vcpu).registers().id();
    }

    private void deliver(Program program, int core, int target, int vector) {
        InterruptCommand notification = apics.get(target).request(vector);
        int running = scheduler.runningOn(target);
        if (running != Scheduler.NONE && running != core) {
            addCommand(program, notification == null ? kick(running) : notification);
        }
        wakeIfDue(target, cores.get(core).clock());
    }

    /** What makes a core leave its guest. */
    InterruptCommand kick(int core) {
        return InterruptCommand.fixed(
                HostVector.RESCHEDULE.number(), cores.get(core).localApic().id());
    }

    void addCommand(Program program, InterruptCommand command) {
        program.add(GuestOp.instructionWithValue(Instruction.WRMSR, 0, ApicMsr.COMMAND), command.encode());
    }

    /** A virtual processor that waits, blocked by HLT, goes on if there is something for it. */
    void wakeIfDue(int vcpu, long now) {
        if (scheduler.isBlocked(vcpu) && apics.get(vcpu).hasWaiting()) {
            scheduler.wake(vcpu, now + wakeCycles);
        }
    }
}
