package hvsim.multiqueue.arrival;

import hvsim.multiqueue.service.RandomStream;
import hvsim.tlb.Snapshot;

/** Each independent of the others: gaps are exponentially distributed. */
public final class PoissonArrivals implements ArrivalProcess {
    private final double meanGapCycles;
    private final RandomStream random;
    private final ExactClock clock = new ExactClock();

    public PoissonArrivals(double meanGapCycles, RandomStream random) {
        this.meanGapCycles = Gaps.checked("the mean gap between arrivals", meanGapCycles);
        this.random = random;
        arrived();
    }

    @Override
    public long nextCycle() {
        return clock.cycle();
    }

    @Override
    public void arrived() {
        clock.advance(random.nextExponential(meanGapCycles));
    }

    @Override
    public void done(long cycle) {}

    @Override
    public void transfer(Snapshot snapshot) {
        clock.transfer(snapshot);
        random.transfer(snapshot);
    }
}
