package hvsim.multiqueue.arrival;

/** What every process asks of a mean. */
final class Gaps {
    private Gaps() {}

    static double checked(String what, double cycles) {
        if (!(cycles > 0) || cycles > 1e18) {
            throw new IllegalArgumentException(what + " is above 0 and at most 10^18 cycles, not " + cycles);
        }
        return cycles;
    }
}
