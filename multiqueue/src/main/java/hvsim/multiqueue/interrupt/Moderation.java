package hvsim.multiqueue.interrupt;

import hvsim.tlb.Snapshot;

/** The interrupt of one queue. */
public final class Moderation {
    public static final long NEVER = Long.MAX_VALUE;

    private final ModerationSpec spec;
    private int waiting;
    private long dueCycle = NEVER;

    public Moderation(ModerationSpec spec) {
        this.spec = spec;
    }

    /** A request is done. */
    public void completed(long cycle) {
        waiting++;
        if (waiting == 1) {
            dueCycle = spec.count() == 1 ? cycle : cycle + spec.cycles();
        } else if (waiting >= spec.count()) {
            dueCycle = Math.min(dueCycle, cycle);
        }
    }

    /** When the interrupt comes, as far as is known; {@link #NEVER} while nothing is done. */
    public long dueCycle() {
        return dueCycle;
    }

    /** The interrupt has come; how many requests it is for. */
    public int fire() {
        int served = waiting;
        waiting = 0;
        dueCycle = NEVER;
        return served;
    }

    public void transfer(Snapshot snapshot) {
        waiting = snapshot.transfer(waiting);
        dueCycle = snapshot.transfer(dueCycle);
    }
}
