package hvsim.vmm.interrupt;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.instruction.Instruction;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way of an interrupt to a virtual processor, wherever that is. */
final class InterruptDelivery implements CommandSender {
    private final List<Core> cores;
    private final List<GuestApic> apics;
    private final List<GuestSignals> signals;
    private final Scheduler scheduler;
    private final long wakeCycles;

    /**
     * @param apics by the numbers of virtual processors, those of a VM one after another
     * @param signals by the numbers of virtual processors
     * @param wakeCycles from the decision to wake a virtual processor until another core can run it
     */
    InterruptDelivery(
            List<Core> cores, List<GuestApic> apics, List<GuestSignals> signals, Scheduler scheduler, long wakeCycles) {
        this.cores = cores;
        this.apics = apics;
        this.signals = signals;
        this.scheduler = scheduler;
        this.wakeCycles = wakeCycles;
    }

    @Override
    public void send(Program program, int core, int sender, InterruptCommand command) {
        int senderId = idOf(sender);
        int first = sender - senderId;
        for (int vcpu = first; vcpu < apics.size() && idOf(vcpu) == vcpu - first; vcpu++) {
            if (command.reaches(idOf(vcpu), senderId)) {
                tellCore(program, core, vcpu, arrive(vcpu, command));
                wakeIfDue(program, core, vcpu);
            }
        }
    }

    /** An interrupt that the hypervisor itself has for a virtual processor. */
    void raise(Program program, int core, int vcpu, int vector) {
        tellCore(program, core, vcpu, apics.get(vcpu).request(vector));
        wakeIfDue(program, core, vcpu);
    }

    private int idOf(int vcpu) {
        return apics.get(vcpu).registers().id();
    }

    /** Returns the notification that makes the hardware take it, where there is one. */
    private @Nullable InterruptCommand arrive(int target, InterruptCommand command) {
        GuestSignals signal = signals.get(target);
        switch (command.mode()) {
            case FIXED, LOWEST_PRIORITY -> {
                return apics.get(target).request(command.vector());
            }
            case NMI -> signal.nmi();
            case INIT -> signal.init();
            case START_UP -> signal.startUp();
            case SMI ->
                throw new IllegalStateException(
                        "a guest sends a system-management interrupt, and its processors have no mode to take it in");
        }
        return null;
    }

    /** The other core that the target runs on processes what is posted, or leaves the guest. */
    private void tellCore(Program program, int core, int target, @Nullable InterruptCommand notification) {
        int running = scheduler.runningOn(target);
        if (running != Scheduler.NONE && running != core) {
            send(program, notification == null ? kick(running) : notification);
        }
    }

    /** What makes a core leave its guest. */
    private InterruptCommand kick(int core) {
        return InterruptCommand.fixed(
                HostVector.RESCHEDULE.number(), cores.get(core).localApic().id());
    }

    /** The program makes another core leave its guest. */
    void addKick(Program program, int core) {
        send(program, kick(core));
    }

    private static void send(Program program, InterruptCommand command) {
        program.add(GuestOp.instructionWithValue(Instruction.WRMSR, 0, ApicMsr.COMMAND), command.encode());
    }

    /** A virtual processor that waits, blocked by HLT or INIT, goes on if there is something for it. */
    void wakeIfDue(Program program, int core, int vcpu) {
        if (scheduler.isBlocked(vcpu) && isWoken(vcpu)) {
            wake(program, core, vcpu);
        }
    }

    /** Whether what has come lets it go on: what ends a HLT, or after INIT the start-up interrupt. */
    boolean isWoken(int vcpu) {
        GuestSignals signal = signals.get(vcpu);
        return !signal.isOff() && (signal.wakes() || apics.get(vcpu).hasWaiting());
    }

    /** It goes on at once on this core, or elsewhere when that has heard of it. */
    void wake(Program program, int core, int vcpu) {
        long now = cores.get(core).clock();
        int where = scheduler.wake(vcpu, core, now, wakeCycles);
        if (where != core && scheduler.givesWay(where, now + wakeCycles)) {
            send(program, kick(where));
        }
    }
}
