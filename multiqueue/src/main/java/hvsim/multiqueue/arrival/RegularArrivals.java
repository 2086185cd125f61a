package hvsim.multiqueue.arrival;

import hvsim.tlb.Snapshot;

/** One after the other at the same distance. */
public final class RegularArrivals implements ArrivalProcess {
    private final double gapCycles;
    private final ExactClock clock = new ExactClock();

    public RegularArrivals(double gapCycles) {
        this.gapCycles = Gaps.checked("the gap between arrivals", gapCycles);
        clock.advance(gapCycles);
    }

    @Override
    public long nextCycle() {
        return clock.cycle();
    }

    @Override
    public void arrived() {
        clock.advance(gapCycles);
    }

    @Override
    public void done(long cycle) {}

    @Override
    public void transfer(Snapshot snapshot) {
        clock.transfer(snapshot);
    }
}
