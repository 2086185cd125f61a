package hvsim.multiqueue.arrival;

import hvsim.tlb.Snapshot;

/** When the next one comes. */
public interface ArrivalProcess {
    long NEVER = Long.MAX_VALUE;

    /** The same until {@link #arrived}; {@link #NEVER} if none is to come, or none before another is done. */
    long nextCycle();

    /** The one that was next has come. */
    void arrived();

    /** One of those that came is done. */
    void done(long cycle);

    void transfer(Snapshot snapshot);
}
