package hvsim.vmm.interrupt;

import hvsim.cpu.Core;
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
    private final int[] coreOf;
    private final long[] sliceEnds;

    /** Of all that a core looks after, the first deadline. */
    private final long[] firstDeadlines;

    /**
     * @param preempts whether the preemption timer is in use
     * @param advanceCycles how long before its deadline the timer of one that runs is looked after
     */
    GuestTimers(List<Core> cores, List<GuestApic> apics, boolean preempts, long advanceCycles) {
        this.cores = cores;
        this.apics = apics;
        this.preempts = preempts;
        this.advanceCycles = advanceCycles;
        this.coreOf = new int[apics.size()];
        Arrays.fill(coreOf, Scheduler.NONE);
        this.sliceEnds = new long[cores.size()];
        Arrays.fill(sliceEnds, LocalApic.NEVER);
        this.firstDeadlines = new long[cores.size()];
        Arrays.fill(firstDeadlines, LocalApic.NEVER);
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

    /** It runs, and looks after its timer itself. */
    void starts(int vcpu) {
        move(vcpu, Scheduler.NONE);
    }

    /** It runs no longer; the core where it did looks after its timer. */
    void stops(int core, int vcpu) {
        move(vcpu, core);
    }

    private void move(int vcpu, int to) {
        int from = coreOf[vcpu];
        coreOf[vcpu] = to;
        if (deadlineOf(vcpu) != LocalApic.NEVER) {
            findFirst(from);
            findFirst(to);
        }
    }

    private long deadlineOf(int vcpu) {
        return apics.get(vcpu).registers().deadline();
    }

    private void findFirst(int core) {
        if (core == Scheduler.NONE) {
            return;
        }
        long first = LocalApic.NEVER;
        for (int vcpu = 0; vcpu < coreOf.length; vcpu++) {
            first = coreOf[vcpu] == core ? Math.min(first, deadlineOf(vcpu)) : first;
        }
        firstDeadlines[core] = first;
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
        long next = Math.min(notAfter, Math.min(sliceEnds[core], firstDeadlines[core]));
        long value = next == LocalApic.NEVER ? 0 : next;
        cores.get(core).localApic().setDeadline(value, value);
    }

    /** The timers that a core looks after come to where they are now; whom that wakes goes on. */
    void advance(int core, InterruptDelivery delivery) {
        long now = cores.get(core).clock();
        for (int vcpu = 0; vcpu < coreOf.length; vcpu++) {
            if (coreOf[vcpu] == core) {
                apics.get(vcpu).advance(now);
                delivery.wakeIfDue(vcpu, now);
            }
        }
        findFirst(core);
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(coreOf);
        snapshot.transfer(sliceEnds);
        snapshot.transfer(firstDeadlines);
    }
}
