package hvsim.vmm.interrupt;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.LocalApic;
import hvsim.tlb.Snapshot;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a hypervisor does about interrupts: its guests' and, on their behalf, its own. */
public final class GuestInterrupts {
    private final List<Core> cores;
    private final List<GuestApic> apics;
    private final List<GuestSignals> signals;
    private final Scheduler scheduler;
    private final long wakeCycles;
    private final GuestTimers timers;
    private final InterruptDelivery delivery;
    private final ApicAccesses accesses;
    private @Nullable DeviceInterrupts devices;

    /**
     * @param vcpus by their numbers
     * @param apics theirs, those of a VM one after another
     * @param preempts whether the preemption timer is in use
     * @param wakeCycles from the decision to wake a virtual processor until another core can run it
     * @param advanceCycles how long before its deadline a guest's timer is looked after
     */
    public GuestInterrupts(
            List<Core> cores,
            List<Vcpu> vcpus,
            List<GuestApic> apics,
            Scheduler scheduler,
            boolean preempts,
            long wakeCycles,
            long advanceCycles) {
        this.cores = List.copyOf(cores);
        this.apics = List.copyOf(apics);
        this.signals = vcpus.stream()
                .map(vcpu -> new GuestSignals(vcpu, apics.get(vcpu.number()).bounces()))
                .toList();
        this.scheduler = scheduler;
        this.wakeCycles = wakeCycles;
        this.timers = new GuestTimers(this.cores, this.apics, preempts, advanceCycles);
        this.delivery = new InterruptDelivery(this.cores, this.apics, signals, scheduler, wakeCycles);
        this.accesses = new ApicAccesses(this.cores, this.apics::get, delivery);
    }

    /** Interrupts that are none of the hypervisor's own are for those devices from now on. */
    public void serve(DeviceInterrupts served) {
        devices = served;
    }

    /** A virtual processor gets a core. */
    public void starts(int core, int vcpu) {
        timers.starts(vcpu);
        apics.get(vcpu).place(GuestApic.Place.RUNNING, idOf(core));
    }

    /** It has lost the core, but would go on. */
    public void isPreempted(int core, int vcpu) {
        stops(core, vcpu, GuestApic.Place.READY);
    }

    /** It waits, by HLT or INIT, and has given the core away. */
    public void isBlocked(int core, int vcpu) {
        stops(core, vcpu, GuestApic.Place.BLOCKED);
    }

    /** Its program has ended: nobody waits for its timer. */
    public void ends(int core, int vcpu) {
        timers.starts(vcpu);
        apics.get(vcpu).place(GuestApic.Place.READY, idOf(core));
    }

    private void stops(int core, int vcpu, GuestApic.Place place) {
        timers.stops(core, vcpu);
        apics.get(vcpu).place(place, idOf(core));
    }

    private int idOf(int core) {
        return cores.get(core).localApic().id();
    }

    /** Without preemption timer: the slice on a core ends at that cycle. */
    public void endSliceAt(int core, long cycle) {
        timers.endSliceAt(core, cycle);
    }

    /** Whether HLT waits for something: an interrupt that is not there yet, but can come. */
    public boolean waits(Vcpu vcpu) {
        return (isArmed(vcpu.number()) || vcpu.expectsInterrupts()) && !delivery.isWoken(vcpu.number());
    }

    private boolean isArmed(int vcpu) {
        return apics.get(vcpu).registers().deadline() != LocalApic.NEVER;
    }

    /** Whether it waits for a start-up interrupt, and is not to be entered. */
    public boolean isOff(int vcpu) {
        return signals.get(vcpu).isOff();
    }

    /** None of its VM is left to send it an interrupt: a HLT that only that could end is over. */
    public void isAlone(int vcpu, int by) {
        if (scheduler.isBlocked(vcpu) && !isOff(vcpu) && !isArmed(vcpu)) {
            scheduler.wake(vcpu, by, cores.get(by).clock(), wakeCycles);
        }
    }

    /** Whether an interrupt waits for it, and its flags and its priority let that in. */
    public boolean isLetIn(int vcpu) {
        return apics.get(vcpu).hasWaiting();
    }

    /** An exit of a virtual processor: what it has changed by itself is taken up. */
    public void left(int core, int vcpu) {
        apics.get(vcpu).left();
        apics.get(vcpu).advance(cores.get(core).clock());
    }

    /**
     * Its next entry is prepared.
     *
     * @return the cycle before which it must not be entered, if that is still to come: its timer's interrupt is there
     */
    public long enter(int core, int vcpu) {
        long due = timers.due(core, vcpu);
        apics.get(vcpu).advance(due);
        signals.get(vcpu).enter();
        apics.get(vcpu).enter();
        timers.arm(core, vcpu);
        return due;
    }

    /** Nobody runs on a core. */
    public void idle(int core) {
        timers.armIdle(core);
    }

    /**
     * A host's interrupt on a core.
     *
     * @return whether the slice there is over
     */
    public boolean handle(Program program, int core, int vector) {
        HostVector known = HostVector.byNumber(vector);
        if (known == HostVector.TIMER) {
            timers.advance(program, core, delivery);
            return timers.isSliceOver(core, cores.get(core).clock());
        }
        if (known == HostVector.WAKE_UP) {
            wakeBlocked(program, core);
        }
        if (known == null && devices != null) {
            devices.take(program, core, vector);
        }
        return false;
    }

    /** Of those that ran here last, whoever something was posted for. */
    private void wakeBlocked(Program program, int core) {
        for (int vcpu = 0; vcpu < apics.size(); vcpu++) {
            if (scheduler.coreOf(vcpu) == core) {
                delivery.wakeIfDue(program, core, vcpu);
            }
        }
    }

    /** The hypervisor has an interrupt for a virtual processor; the program tells the core where that runs. */
    public void raise(Program program, int core, int vcpu, int vector) {
        delivery.raise(program, core, vcpu, vector);
    }

    /** What a virtual processor was held for is done. */
    public void release(Program program, int core, int vcpu) {
        delivery.wake(program, core, vcpu);
    }

    /** The interrupt that a virtual processor handles, as far as software knows; -1 if none. */
    public int inService(int vcpu) {
        return apics.get(vcpu).registers().inService();
    }

    /** The interrupt that it gets next, as far as software knows; -1 if none. */
    public int pending(int vcpu) {
        return apics.get(vcpu).registers().pending();
    }

    /** What guests do with their local APICs by exits. */
    public ApicAccesses accesses() {
        return accesses;
    }

    /** The program makes another core leave its guest. */
    public void kick(Program program, int core) {
        delivery.addKick(program, core);
    }

    public void transfer(Snapshot snapshot) {
        signals.forEach(signal -> signal.transfer(snapshot));
        apics.forEach(apic -> apic.transfer(snapshot));
        timers.transfer(snapshot);
    }
}
