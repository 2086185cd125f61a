package hvsim.multiqueue.arrival;

import hvsim.multiqueue.state.DeviceState;

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

    void transfer(DeviceState s) {
        cycle = s.transfer(cycle);
        fraction = s.transfer(fraction);
    }
}
