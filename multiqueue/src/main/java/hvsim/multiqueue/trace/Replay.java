package hvsim.multiqueue.trace;

import hvsim.multiqueue.arrival.ArrivalProcess;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/** What was recorded, at the distances at which it was; the first one comes at cycle 0. Times that go back stand still. */
public final class Replay<T extends Timed> {
    private static final long NANOS = 1_000_000_000L;

    private final TimedTrace<T> trace;
    private final long clockHz;
    private @Nullable T next;
    private long firstNanos;
    private long cycle;
    private long taken;
    private long outOfOrder;

    /** @param clockHz up to 9 GHz */
    public Replay(TimedTrace<T> trace, long clockHz) {
        if (clockHz < 1 || clockHz > 9 * NANOS) {
            throw new IllegalArgumentException("a machine has a clock of up to 9 GHz");
        }
        this.trace = trace;
        this.clockHz = clockHz;
        next = trace.next();
        firstNanos = next == null ? 0 : next.nanos();
    }

    /** {@link ArrivalProcess#NEVER} at the end. */
    public long nextCycle() {
        return next == null ? ArrivalProcess.NEVER : cycle;
    }

    public T take() {
        T current = next;
        if (current == null) {
            throw new IllegalStateException("the trace has ended");
        }
        taken++;
        next = trace.next();
        if (next != null) {
            advanceTo(cycles(next.nanos()));
        }
        return current;
    }

    private void advanceTo(long since) {
        outOfOrder += since < cycle ? 1 : 0;
        cycle = Math.max(since, cycle);
    }

    private long cycles(long nanos) {
        try {
            long since = Math.subtractExact(nanos, firstNanos);
            return Math.multiplyExact(since / NANOS, clockHz) + since % NANOS * clockHz / NANOS;
        } catch (ArithmeticException e) {
            throw new BadTraceException("record " + (taken + 1) + " is more than a century from the first one");
        }
    }

    /** Those whose time was before that of the one in front of them: they come together with it. */
    public long outOfOrder() {
        return outOfOrder;
    }

    /** Loading reads on from the start of the same trace. */
    public void transfer(Snapshot snapshot) {
        long count = snapshot.transfer(taken);
        while (taken < count) {
            take();
        }
    }
}
