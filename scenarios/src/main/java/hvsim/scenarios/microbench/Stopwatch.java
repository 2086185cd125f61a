package hvsim.scenarios.microbench;

/** Laps, of which the first ones warm up. */
final class Stopwatch {
    private static final int WARM_UP = 64;
    private static final int MEASURED = 256;

    private int laps;
    private long first;
    private long last;

    /** A lap begins, and the one before it ends. Returns whether it is to be run. */
    boolean lap(long now) {
        if (laps == WARM_UP) {
            first = now;
        }
        last = now;
        laps++;
        return laps <= WARM_UP + MEASURED;
    }

    /** Laps that have begun. */
    int laps() {
        return laps;
    }

    double cycles() {
        return (double) (last - first) / MEASURED;
    }
}
