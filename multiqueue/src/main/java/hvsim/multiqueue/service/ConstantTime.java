package hvsim.multiqueue.service;

/** All requests take the same. */
public record ConstantTime(long cycles) implements ServiceTime {
    public ConstantTime {
        if (cycles < 0) {
            throw new IllegalArgumentException("a service takes no negative time: " + cycles);
        }
    }

    @Override
    public long nextCycles(RandomStream random) {
        return cycles;
    }
}
