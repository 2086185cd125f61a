package hvsim.multiqueue.nic;

import hvsim.tlb.Snapshot;

/**
 * An adapter's interrupt line: it is up while a cause is set that is not masked, but goes up no sooner than an interval
 * after it went up last.
 *
 * <pre>
 *   ICR  causes; a read clears all        IMS  write: 1 allows a cause      IMC  write: 1 forbids it
 *   ICS  write: 1 sets a cause            ITR  interval in units of 256 ns
 * </pre>
 */
final class NicInterrupt {
    static final int TRANSMIT_WRITTEN_BACK = 1;
    static final int RECEIVED = 1 << 7;

    /** What ICR, IMS and IMC have bits for. */
    private static final int ALL = 0x1_FFFF;

    private static final long NEVER = Long.MAX_VALUE;
    private static final int UNIT_NANOS = 256;
    private static final long NANOS = 1_000_000_000L;

    private final long clockHz;
    private int causes;
    private int mask;
    private int interval;
    private boolean up;
    private boolean untold;
    private long quietUntilCycle;
    private long dueCycle = NEVER;
    private long count;

    NicInterrupt(long clockHz) {
        this.clockHz = clockHz;
    }

    void raise(int cause, long cycle) {
        causes |= cause & ALL;
        settle(cycle);
    }

    int readCauses(long cycle) {
        int read = causes;
        causes = 0;
        settle(cycle);
        return read;
    }

    void allow(int bits, long cycle) {
        mask |= bits & ALL;
        settle(cycle);
    }

    void forbid(int bits, long cycle) {
        mask &= ~bits;
        settle(cycle);
    }

    int mask() {
        return mask;
    }

    int interval() {
        return interval;
    }

    void setInterval(int units) {
        interval = units & 0xFFFF;
    }

    private void settle(long cycle) {
        if ((causes & mask) == 0) {
            up = false;
            untold = false;
            dueCycle = NEVER;
        } else if (!up && dueCycle == NEVER) {
            dueCycle = Math.max(cycle, quietUntilCycle);
        }
    }

    /** When the line goes up, as far as is known. */
    long dueCycle() {
        return dueCycle;
    }

    void advanceTo(long cycle) {
        if (dueCycle <= cycle) {
            quietUntilCycle = dueCycle + (long) interval * UNIT_NANOS * clockHz / NANOS;
            dueCycle = NEVER;
            up = true;
            untold = true;
            count++;
        }
    }

    /** Whether the line went up since this was last asked, and still is. */
    boolean poll() {
        boolean news = untold;
        untold = false;
        return news;
    }

    /** How often the line went up. */
    long count() {
        return count;
    }

    void transfer(Snapshot snapshot) {
        causes = snapshot.transfer(causes);
        mask = snapshot.transfer(mask);
        interval = snapshot.transfer(interval);
        up = snapshot.transfer(up);
        untold = snapshot.transfer(untold);
        quietUntilCycle = snapshot.transfer(quietUntilCycle);
        dueCycle = snapshot.transfer(dueCycle);
        count = snapshot.transfer(count);
    }
}
