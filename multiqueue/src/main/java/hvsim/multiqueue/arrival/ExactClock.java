package hvsim.multiqueue.arrival;

import hvsim.tlb.Snapshot;

/** A point in time that moves on by gaps that are no whole cycles: what is cut off is carried over. */
final class ExactClock {
    private long cycle;
    private double fraction;

    long cycle() {
        return cycle;
    }

    void advance(double gap) {
        double exact = fraction + gap;
        long whole = (long) exact;
        cycle += whole;
        fraction = exact - whole;
    }

    void transfer(Snapshot snapshot) {
        cycle = snapshot.transfer(cycle);
        fraction = snapshot.transfer(fraction);
    }
}
