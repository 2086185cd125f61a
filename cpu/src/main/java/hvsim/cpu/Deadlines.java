package hvsim.cpu;

import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Snapshot;

/**
 * When a core has to look up from what it executes: the local APIC's timer, messages that arrive, and in non-root mode
 * the VMX-preemption timer (SDM vol. 3, 25.5.1).
 */
final class Deadlines {
    private final LocalApic localApic;
    private final Arrivals arrivals = new Arrivals();
    private long timerZeroAt = LocalApic.NEVER;
    private long preemptBy = LocalApic.NEVER;
    private long preemptAt = LocalApic.NEVER;

    Deadlines(LocalApic localApic) {
        this.localApic = localApic;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    /** The next event of the processor's own. */
    long next(boolean isNonRoot) {
        long interrupt = Math.min(arrivals.next(), localApic.deadline());
        return isNonRoot ? Math.min(interrupt, preemptAt) : interrupt;
    }

    /** The next entry loads the timer with less, if it would come to zero later than that. */
    void preemptBy(long cycle) {
        preemptBy = cycle;
    }

    /** A VM entry loads the timer. */
    void startTimer(Vmcs vmcs, long now) {
        boolean isActive = vmcs.has(VmxControl.ACTIVATE_PREEMPTION_TIMER);
        timerZeroAt = isActive ? now + toCycles(vmcs.read(VmcsField.PREEMPTION_TIMER_VALUE)) : LocalApic.NEVER;
        preemptAt = timerZeroAt;
        if (isActive && preemptBy < timerZeroAt) {
            preemptAt = now + toCycles(toTicks(preemptBy - now + toCycles(1) - 1));
        }
        preemptBy = LocalApic.NEVER;
    }

    private static long toCycles(long ticks) {
        return ticks << Transitions.PREEMPTION_TIMER_SHIFT;
    }

    private static long toTicks(long cycles) {
        return Math.max(cycles, 0) >>> Transitions.PREEMPTION_TIMER_SHIFT;
    }

    /** A VM exit saves what is left of it, if it is told to. */
    void saveTimer(Vmcs vmcs, long now) {
        if (vmcs.has(VmxControl.SAVE_PREEMPTION_TIMER_VALUE)) {
            vmcs.write(VmcsField.PREEMPTION_TIMER_VALUE, toTicks(timerZeroAt - now));
        }
    }

    boolean isTimerZero(long now) {
        return now >= preemptAt;
    }

    void transfer(Snapshot snapshot) {
        arrivals.transfer(snapshot);
        timerZeroAt = snapshot.transfer(timerZeroAt);
        preemptBy = snapshot.transfer(preemptBy);
        preemptAt = snapshot.transfer(preemptAt);
    }
}
