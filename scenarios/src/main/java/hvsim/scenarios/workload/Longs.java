package hvsim.scenarios.workload;

import java.util.Arrays;

/** Positions are arrays of longs, put together from the positions of the parts. */
final class Longs {
    private Longs() {}

    static long[] join(long[] first, long[] second) {
        long[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static long[] from(long[] longs, int start) {
        return Arrays.copyOfRange(longs, start, longs.length);
    }
}
