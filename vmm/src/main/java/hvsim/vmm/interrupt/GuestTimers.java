package hvsim.vmm.interrupt;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.LocalApic;
import hvsim.tlb.Snapshot;
import hvsim.vmm.schedule.Scheduler;
import java.util.Arrays;
import java.util.List;

/**
 * Whose time is up. The timer of a virtual processor that runs is the VMX-preemption timer, where there is one; of those
 * that do not, the timer of the core where they ran last, which is also that of slices without preemption timer.
 */
final class GuestTimers {
    private static final int TSC_DEADLINE_MODE = 2 << 17;

    private final List<Core> cores;
    private final List<GuestApic> apics;
    private final boolean preempts;
    private final long advanceCycles;
    private final long[] sliceEnds;

    /** By core: the timers of those that do not run. */
    private final TimerQueue[] queues;

    private final int[] placeInQueue;

    /** The core that looks after the timer of a virtual processor, or {@link Scheduler#NONE}. */
    private final int[] coreOf;

    /**
     * @param preempts whether the preemption timer is in use
     * @param advanceCycles how long before its deadline the timer of one that runs is looked after
     */
    GuestTimers(List<Core> cores, List<GuestApic> apics, boolean preempts, long advanceCycles) {
        this.cores = cores;
        this.apics = apics;
        this.preempts = preempts;
        this.advanceCycles = advanceCycles;
        this.sliceEnds = new long[cores.size()];
        Arrays.fill(sliceEnds, LocalApic.NEVER);
        this.placeInQueue = new int[apics.size()];
        this.queues = new TimerQueue[cores.size()];
        Arrays.setAll(queues, core -> new TimerQueue(placeInQueue));
        this.coreOf = new int[apics.size()];
        Arrays.fill(coreOf, Scheduler.NONE);
        for (Core core : cores) {
            core.localApic().write(ApicMsr.TIMER, TSC_DEADLINE_MODE | HostVector.TIMER.number(), 0);
        }
    }

    /** The slice on a core ends at that cycle, and the host's timer says so. */
    void endSliceAt(int core, long cycle) {
        sliceEnds[core] = cycle;
    }

    boolean isSliceOver(int core, long now) {
        return now >= sliceEnds[core];
    }

    /** It runs, and looks after its timer itself; or it has ended, and nobody does. */
    void starts(int vcpu) {
        if (coreOf[vcpu] != Scheduler.NONE) {
            queues[coreOf[vcpu]].remove(vcpu);
            coreOf[vcpu] = Scheduler.NONE;
        }
    }

    /** It runs no longer; the core where it did looks after its timer. */
    void stops(int core, int vcpu) {
        coreOf[vcpu] = core;
        enqueue(core, vcpu);
    }

    private void enqueue(int core, int vcpu) {
        if (deadlineOf(vcpu) != LocalApic.NEVER) {
            queues[core].add(vcpu, deadlineOf(vcpu));
        }
    }

    private long deadlineOf(int vcpu) {
        return apics.get(vcpu).registers().deadline();
    }

    /** When the next entry on a core to a virtual processor may be: at once, or at a deadline that is close. */
    long due(int core, int vcpu) {
        long now = cores.get(core).clock();
        long deadline = deadlineOf(vcpu);
        return deadline > now && deadline - now <= advanceCycles ? deadline : now;
    }

    /** The next entry on a core to a virtual processor: both timers are set. */
    void arm(int core, int vcpu) {
        long deadline = deadlineOf(vcpu);
        long own = deadline == LocalApic.NEVER ? deadline : deadline - advanceCycles;
        if (preempts) {
            cores.get(core).transitions().preemptBy(own);
        }
        setHostTimer(core, preempts ? LocalApic.NEVER : own);
    }

    /** Nobody runs on a core. */
    void armIdle(int core) {
        sliceEnds[core] = LocalApic.NEVER;
        setHostTimer(core, LocalApic.NEVER);
    }

    private void setHostTimer(int core, long notAfter) {
        long next = Math.min(notAfter, Math.min(sliceEnds[core], queues[core].first()));
        long value = next == LocalApic.NEVER ? 0 : Math.max(next, 1); // 0 would disarm it
        cores.get(core).localApic().setDeadline(value, value);
    }

    /** The timers that a core looks after and whose time has come go off; whom that wakes goes on. */
    void advance(Program program, int core, InterruptDelivery delivery) {
        long now = cores.get(core).clock();
        while (queues[core].first() <= now) {
            int vcpu = queues[core].take();
            apics.get(vcpu).advance(now);
            enqueue(core, vcpu);
            delivery.wakeIfDue(program, core, vcpu);
        }
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(coreOf);
        snapshot.transfer(sliceEnds);
        snapshot.transfer(placeInQueue);
        for (TimerQueue queue : queues) {
            queue.transfer(snapshot);
        }
    }
}
