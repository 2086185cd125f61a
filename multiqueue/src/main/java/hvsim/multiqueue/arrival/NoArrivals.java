package hvsim.multiqueue.arrival;

import hvsim.tlb.Snapshot;

/** None ever comes. */
public final class NoArrivals implements ArrivalProcess {
    @Override
    public long nextCycle() {
        return NEVER;
    }

    @Override
    public void arrived() {
        throw new IllegalStateException("none comes");
    }

    @Override
    public void done(long cycle) {}

    @Override
    public void transfer(Snapshot snapshot) {
        // no state
    }
}
