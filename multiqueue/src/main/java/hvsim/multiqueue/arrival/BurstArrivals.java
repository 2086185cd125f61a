package hvsim.multiqueue.arrival;

import hvsim.multiqueue.service.RandomStream;
import hvsim.tlb.Snapshot;

/**
 * Bursts with silence in between: an interrupted Poisson process. On and off last exponentially distributed times;
 * while on, arrivals are a Poisson process.
 *
 * <pre>
 *   mean rate = onCycles / (onCycles + offCycles) / gapCycles
 * </pre>
 */
public final class BurstArrivals implements ArrivalProcess {
    private final double gapCycles;
    private final double onCycles;
    private final double offCycles;
    private final RandomStream random;
    private final ExactClock clock = new ExactClock();
    private double leftOfBurst;

    public BurstArrivals(double gapCycles, double onCycles, double offCycles, RandomStream random) {
        this.gapCycles = Gaps.checked("the mean gap within a burst", gapCycles);
        this.onCycles = Gaps.checked("the mean length of a burst", onCycles);
        this.offCycles = Gaps.checked("the mean silence between bursts", offCycles);
        this.random = random;
        leftOfBurst = random.nextExponential(onCycles);
        arrived();
    }

    @Override
    public long nextCycle() {
        return clock.cycle();
    }

    /** What of the gap does not fit into the burst goes on in the next one: exponential gaps have no memory. */
    @Override
    public void arrived() {
        double gap = random.nextExponential(gapCycles);
        while (gap > leftOfBurst) {
            gap -= leftOfBurst;
            clock.advance(leftOfBurst);
            clock.advance(random.nextExponential(offCycles));
            leftOfBurst = random.nextExponential(onCycles);
        }
        leftOfBurst -= gap;
        clock.advance(gap);
    }

    @Override
    public void done(long cycle) {}

    @Override
    public void transfer(Snapshot snapshot) {
        clock.transfer(snapshot);
        random.transfer(snapshot);
        leftOfBurst = snapshot.transfer(leftOfBurst);
    }
}
