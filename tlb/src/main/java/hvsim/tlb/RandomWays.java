package hvsim.tlb;

/** Random replacement: the generator xorshift64* (Vigna 2016), whose upper half is scaled to the number of ways. */
final class RandomWays {
    private static final long MULTIPLIER = 0x2545_F491_4F6C_DD1DL;

    /** In place of 0, from which the generator would never get away. */
    private static final long NO_ZERO = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    RandomWays(long seed) {
        state = seed == 0 ? NO_ZERO : seed;
    }

    /** The way that makes room, below {@code ways}. */
    int next(int ways) {
        state ^= state >>> 12;
        state ^= state << 25;
        state ^= state >>> 27;
        return (int) ((state * MULTIPLIER >>> 32) * ways >>> 32);
    }

    void transfer(Snapshot snapshot) {
        state = snapshot.transfer(state);
    }
}
