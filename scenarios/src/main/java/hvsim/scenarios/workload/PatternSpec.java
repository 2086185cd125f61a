package hvsim.scenarios.workload;

/**
 * A synthetic stream of references.
 *
 * @param workingSetBytes data touched, a multiple of 4 KiB
 * @param skew exponent of zipf, above 0
 * @param strideBytes distance of stride and chase, a multiple of 8 and at most the working set
 * @param hot hotspot: share of the working set that is hot, above 0 and at most 1
 * @param hits hotspot: share of the references that go there, 0 to 1
 * @param runBytes uniform: length of the sequential piece read at each place, a multiple of 64
 * @param writes share of the data references that write, 0 to 1
 * @param fetches share of all references that fetch instructions, 0 to 1
 */
public record PatternSpec(
        Order order,
        long workingSetBytes,
        double skew,
        long strideBytes,
        double hot,
        double hits,
        long runBytes,
        double writes,
        double fetches) {

    /** In which order the working set is touched. Every data reference takes 8 bytes. */
    public enum Order {
        /** All of it, 8 bytes after 8 bytes, over and over. */
        SEQUENTIAL,
        /** From its beginning in steps of the stride, over and over. */
        STRIDE,
        /** 64 bytes after 64 bytes for the length of a run, each run from a random multiple of 64 bytes. */
        UNIFORM,
        /** A page by Zipf's law, its neighbours in rank scattered over the working set; any 8 bytes in it. */
        ZIPF,
        /** Any 8 bytes of the hot part, which comes first, or of the rest. */
        HOTSPOT,
        /** The first 8 bytes of every stride, in a random order, over and over: pointers chased in one big ring. */
        CHASE,
        /** The first 8 bytes of each 4 KiB page in turn, over and over: the worst case of LRU. */
        LOOP
    }

    private static final long PAGE_BYTES = 4096;
    private static final long MAX_WORKING_SET_BYTES = 1L << 46;
    private static final long MAX_ZIPF_BYTES = Integer.MAX_VALUE * PAGE_BYTES;

    public PatternSpec {
        check(workingSetBytes > 0 && workingSetBytes % PAGE_BYTES == 0, "working_set: no multiple of 4KiB");
        check(workingSetBytes <= MAX_WORKING_SET_BYTES, "working_set: more than 64TiB");
        check(order != Order.ZIPF || workingSetBytes <= MAX_ZIPF_BYTES, "working_set: zipf takes less than 8TiB");
        check(skew > 0 && skew <= 100, "skew: not above 0 and at most 100");
        check(strideBytes > 0 && strideBytes % 8 == 0, "stride: no multiple of 8B");
        check(
                order != Order.STRIDE && order != Order.CHASE || strideBytes <= workingSetBytes,
                "stride: longer than working_set");
        check(hot > 0 && hot <= 1, "hot: not above 0% and at most 100%");
        check(hits >= 0 && hits <= 1, "hits: not 0% to 100%");
        check(runBytes > 0 && runBytes % 64 == 0, "run: no multiple of 64B");
        check(order != Order.UNIFORM || runBytes <= workingSetBytes, "run: longer than working_set");
        check(writes >= 0 && writes <= 1, "writes: not 0% to 100%");
        check(fetches >= 0 && fetches <= 1, "fetches: not 0% to 100%");
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
