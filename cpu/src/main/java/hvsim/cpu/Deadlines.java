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

    /** A VM entry loads the timer. */
    void startTimer(Vmcs vmcs, long now) {
        preemptAt = vmcs.has(VmxControl.ACTIVATE_PREEMPTION_TIMER)
                ? now + (vmcs.read(VmcsField.PREEMPTION_TIMER_VALUE) << Transitions.PREEMPTION_TIMER_SHIFT)
                : LocalApic.NEVER;
    }

    /** A VM exit saves what is left of it, if it is told to. */
    void saveTimer(Vmcs vmcs, long now) {
        if (vmcs.has(VmxControl.SAVE_PREEMPTION_TIMER_VALUE)) {
            long left = Math.max(preemptAt - now, 0);
            vmcs.write(VmcsField.PREEMPTION_TIMER_VALUE, left >>> Transitions.PREEMPTION_TIMER_SHIFT);
        }
    }

    boolean isTimerZero(long now) {
        return now >= preemptAt;
    }

    void transfer(Snapshot snapshot) {
        arrivals.transfer(snapshot);
        preemptAt = snapshot.transfer(preemptAt);
    }
}
