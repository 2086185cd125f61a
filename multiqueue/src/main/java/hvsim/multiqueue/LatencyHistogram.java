package hvsim.multiqueue;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * How long requests took, in buckets that are a thirty-second of their value wide: a quantile is at most 3.2 % above
 * the true one.
 *
 * <pre>
 *   0..63         one bucket each
 *   2^k..2^(k+1)  32 buckets, k from 6 to 62
 * </pre>
 */
public final class LatencyHistogram {
    private static final int SUB_BITS = 5;
    private static final int SUB = 1 << SUB_BITS;

    private final long[] counts = new long[(64 - SUB_BITS) * SUB];
    private long count;
    private long sum;
    private long longest;

    public void add(long cycles) {
        counts[bucket(cycles)]++;
        count++;
        sum += cycles;
        longest = Math.max(longest, cycles);
    }

    /** Nothing was added yet. */
    public void clear() {
        Arrays.fill(counts, 0);
        count = 0;
        sum = 0;
        longest = 0;
    }

    private static int bucket(long cycles) {
        int shift = Math.max(63 - SUB_BITS - Long.numberOfLeadingZeros(cycles | SUB), 0);
        return (shift << SUB_BITS) + (int) (cycles >>> shift);
    }

    /** The highest value of a bucket. */
    private static long top(int bucket) {
        int shift = Math.max((bucket >> SUB_BITS) - 1, 0);
        long sub = bucket - ((long) shift << SUB_BITS);
        return (sub + 1 << shift) - 1;
    }

    public long count() {
        return count;
    }

    /** 0 if there is nothing. */
    public long longestCycles() {
        return longest;
    }

    /** Sum of all, exactly. */
    public long sumCycles() {
        return sum;
    }

    /**
     * What a share of all does not exceed; 0 if there is nothing.
     *
     * @param share 0 to 1
     */
    public long quantileCycles(double share) {
        long rank = Math.max((long) Math.ceil(share * count), 1);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Math.min(top(i), longest);
            }
        }
        return 0;
    }

    public void transfer(Snapshot snapshot) {
        snapshot.transfer(counts);
        count = snapshot.transfer(count);
        sum = snapshot.transfer(sum);
        longest = snapshot.transfer(longest);
    }
}
