package hvsim.multiqueue.service;

import hvsim.tlb.Snapshot;

/** Seeded random numbers: SplitMix64 (Steele, Lea, Flood 2014), the same on every JDK. */
public final class RandomStream {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;
    private static final double UNIT = 0x1.0p-53;

    private long state;

    public RandomStream(long seed) {
        state = seed;
    }

    public long nextLong() {
        state += GOLDEN_GAMMA;
        long mixed = (state ^ state >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }

    /** From 0 up to but without {@code bound}; each value's share is off by less than {@code bound} / 2^32. */
    public int nextInt(int bound) {
        return (int) ((nextLong() >>> 32) * bound >>> 32);
    }

    /** From 0 up to but without 1, in steps of 2^-53. */
    public double nextDouble() {
        return (nextLong() >>> 11) * UNIT;
    }

    /** Exponentially distributed. */
    public double nextExponential(double mean) {
        return mean * Exponential.draw(this);
    }

    public void transfer(Snapshot snapshot) {
        state = snapshot.transfer(state);
    }
}
