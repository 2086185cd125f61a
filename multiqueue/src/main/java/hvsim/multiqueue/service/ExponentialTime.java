package hvsim.multiqueue.service;

/** Exponentially distributed, rounded to whole cycles: off by half a cycle at most. */
public record ExponentialTime(double meanCycles) implements ServiceTime {
    public ExponentialTime {
        if (!(meanCycles > 0) || Double.isInfinite(meanCycles)) {
            throw new IllegalArgumentException("the mean of an exponential distribution is above 0, not " + meanCycles);
        }
    }

    @Override
    public long nextCycles(RandomStream random) {
        return Math.round(random.nextExponential(meanCycles));
    }
}
