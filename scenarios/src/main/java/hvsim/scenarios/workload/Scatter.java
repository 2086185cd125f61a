package hvsim.scenarios.workload;

/**
 * A fixed permutation of 0 to n-1 that looks random and takes no memory: each step (odd multiplication, added
 * constant, xor with the upper half) is a permutation of the next power of two; what lands outside n is put
 * through again until it lands inside.
 */
final class Scatter {
    private static final int ROUNDS = 3;

    private final long size;
    private final long mask;
    private final int shift;
    private final long[] factors = new long[ROUNDS];
    private final long[] offsets = new long[ROUNDS];

    Scatter(long size, long seed) {
        int bits = Math.max(1, Long.SIZE - Long.numberOfLeadingZeros(size - 1));
        this.size = size;
        this.mask = (1L << bits) - 1;
        this.shift = (bits + 1) / 2;
        for (int round = 0; round < ROUNDS; round++) {
            factors[round] = Seeds.at(seed, 2L * round) | 1;
            offsets[round] = Seeds.at(seed, 2L * round + 1);
        }
    }

    long of(long index) {
        long x = index;
        do {
            for (int round = 0; round < ROUNDS; round++) {
                x = x * factors[round] + offsets[round] & mask;
                x ^= x >>> shift;
            }
        } while (x >= size);
        return x;
    }
}
