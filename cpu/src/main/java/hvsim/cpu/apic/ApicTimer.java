package hvsim.cpu.apic;

import hvsim.tlb.Snapshot;

/**
 * The timer of a local APIC: once, again and again, or when the time-stamp counter reaches a value.
 *
 * <pre>
 *  local vector   18..17 mode: 0 once, 1 periodic, 2 TSC deadline     16 masked     7..0 vector
 * </pre>
 *
 * Counts go down once in a cycle divided by the divide configuration; that the timer's clock is the core's is
 * assumed. Source: Intel SDM vol. 3 (325384-059US), 10.5.4.
 */
final class ApicTimer {
    static final int MASKED = 1 << 16;
    private static final int PERIODIC = 1;
    private static final int TSC_DEADLINE = 2;

    private int localVector = MASKED;
    private int divideConfiguration;
    private long initialCount;
    private long armedValue;
    private long dueAt = LocalApic.NEVER;

    private int mode() {
        return localVector >>> 17 & 3;
    }

    private boolean isMasked() {
        return (localVector & MASKED) != 0;
    }

    int vector() {
        return localVector & 0xFF;
    }

    int localVector() {
        return localVector;
    }

    /** A change to or from the TSC-deadline mode disarms the timer; one between the others lets it count on. */
    void setLocalVector(int value) {
        boolean wasDeadline = mode() == TSC_DEADLINE;
        localVector = value;
        if (wasDeadline != (mode() == TSC_DEADLINE)) {
            stop();
        }
    }

    private void stop() {
        dueAt = LocalApic.NEVER;
        armedValue = 0;
        initialCount = 0;
    }

    int divideConfiguration() {
        return divideConfiguration;
    }

    void setDivideConfiguration(int value) {
        divideConfiguration = value & 0xB;
    }

    /** 000 is 2, and so on to 128; 111 is 1. */
    private int divideShift() {
        int bits = divideConfiguration & 3 | divideConfiguration >>> 1 & 4;
        return bits + 1 & 7;
    }

    long initialCount() {
        return initialCount;
    }

    /** Starts the timer; 0 stops it. Does nothing in TSC-deadline mode. */
    void setInitialCount(long count, long now) {
        if (mode() != TSC_DEADLINE) {
            initialCount = count;
            dueAt = count == 0 ? LocalApic.NEVER : now + (count << divideShift());
        }
    }

    /** A count that has begun counts as one. */
    long currentCount(long now) {
        boolean counts = dueAt != LocalApic.NEVER && mode() != TSC_DEADLINE;
        return counts ? dueAt - now + (1L << divideShift()) - 1 >>> divideShift() : 0;
    }

    /** What IA32_TSC_DEADLINE reads as: 0 when there is none any more. */
    long armedValue() {
        return armedValue;
    }

    /** Arms the timer for a value of the time-stamp counter that it has at {@code cycle}; 0 disarms it. */
    void setDeadline(long value, long cycle) {
        if (mode() == TSC_DEADLINE) {
            armedValue = value;
            dueAt = value == 0 ? LocalApic.NEVER : cycle;
        }
    }

    /** The cycle of the next interrupt. */
    long deadline() {
        return isMasked() ? LocalApic.NEVER : dueAt;
    }

    /** Lets it come to where it is {@code now}. Returns whether it has gone off and is not masked. */
    boolean advance(long now) {
        if (dueAt > now) {
            return false;
        }
        if (mode() == PERIODIC) {
            long period = initialCount << divideShift();
            dueAt += ((now - dueAt) / period + 1) * period;
        } else {
            dueAt = LocalApic.NEVER;
            armedValue = 0;
        }
        return !isMasked();
    }

    void transfer(Snapshot snapshot) {
        localVector = snapshot.transfer(localVector);
        divideConfiguration = snapshot.transfer(divideConfiguration);
        initialCount = snapshot.transfer(initialCount);
        armedValue = snapshot.transfer(armedValue);
        dueAt = snapshot.transfer(dueAt);
    }
}
