package hvsim.multiqueue.service;

import java.util.Arrays;

/**
 * As a histogram says that was measured; within a bucket all values are as likely.
 *
 * <pre>
 *   edges    e0      e1          e2   ...        cycles, rising, one more than there are counts
 *   counts      c0        c1
 * </pre>
 */
public final class MeasuredTime implements ServiceTime {
    private final long[] edges;
    private final long[] upTo;

    public MeasuredTime(long[] edges, long[] counts) {
        if (counts.length == 0 || edges.length != counts.length + 1 || edges[0] < 0) {
            throw new IllegalArgumentException("a histogram of n counts has n + 1 edges from 0 up");
        }
        this.edges = edges.clone();
        upTo = new long[counts.length];
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            if (edges[i + 1] <= edges[i] || counts[i] < 0) {
                throw new IllegalArgumentException("edges rise, and counts are not negative: bucket " + i);
            }
            sum = Math.addExact(sum, counts[i]);
            upTo[i] = sum;
        }
        if (sum < 1 || sum > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a histogram counts 1 to 2^31 - 1 values, not " + sum);
        }
    }

    @Override
    public long nextCycles(RandomStream random) {
        int value = random.nextInt((int) upTo[upTo.length - 1]);
        int found = Arrays.binarySearch(upTo, value + 1L);
        int bucket = found >= 0 ? firstOf(found) : -found - 1;
        long width = edges[bucket + 1] - edges[bucket];
        return edges[bucket] + (long) (random.nextDouble() * width);
    }

    /** Buckets without values have the sum of the one before. */
    private int firstOf(int found) {
        int bucket = found;
        while (bucket > 0 && upTo[bucket - 1] == upTo[bucket]) {
            bucket--;
        }
        return bucket;
    }
}
