package hvsim.cpu;

import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Snapshot;

/**
 * When a core in non-root mode comes back by itself: the VMX-preemption timer (SDM vol. 3, 25.5.1), and an external
 * interrupt that is on its way.
 */
final class Deadlines {
    private static final long NEVER = Long.MAX_VALUE;

    private long preemptAt = NEVER;
    private long interruptAt = NEVER;
    private int interruptVector;

    void interruptAt(long cycle, int vector) {
        interruptAt = cycle;
        interruptVector = vector;
    }

    long limit(long until) {
        return Math.min(until, Math.min(preemptAt, interruptAt));
    }

    /** A VM entry loads the timer. */
    void startTimer(Vmcs vmcs, long now) {
        preemptAt = vmcs.has(VmxControl.ACTIVATE_PREEMPTION_TIMER)
                ? now + (vmcs.read(VmcsField.PREEMPTION_TIMER_VALUE) << Transitions.PREEMPTION_TIMER_SHIFT)
                : NEVER;
    }

    /** A VM exit saves what is left of it, if it is told to. */
    void saveTimer(Vmcs vmcs, long now) {
        if (vmcs.has(VmxControl.SAVE_PREEMPTION_TIMER_VALUE)) {
            long left = Math.max(preemptAt - now, 0);
            vmcs.write(VmcsField.PREEMPTION_TIMER_VALUE, left >>> Transitions.PREEMPTION_TIMER_SHIFT);
        }
    }

    /** The external interrupt's time has come. It is asked for once. */
    boolean takeDueInterrupt(long now) {
        boolean due = now >= interruptAt;
        if (due) {
            interruptAt = NEVER;
        }
        return due;
    }

    int dueVector() {
        return interruptVector;
    }

    boolean isTimerZero(long now) {
        return now >= preemptAt;
    }

    void transfer(Snapshot snapshot) {
        preemptAt = snapshot.transfer(preemptAt);
        interruptAt = snapshot.transfer(interruptAt);
        interruptVector = snapshot.transfer(interruptVector);
    }
}
