package hvsim.vmm.iommu;

/**
 * What software asks hardware to forget, in 16 bytes of the invalidation queue.
 *
 * <pre>
 *              3..0   low half                                            high half
 *   context     1     5:4 granularity, 31:16 domain, 47:32 requester
 *   IOTLB       2     5:4 granularity, 31:16 domain                       63:12 page, 6 IH, 5:0 AM: 2^AM pages
 *   interrupt   4     4 one index or all, 47:32 index
 *   wait        5     5 SW, 63:32 status data                             63:2 where the data is written, if SW
 *
 *   granularity  1 everything, 2 a domain, 3 a requester or pages;  IH: the tables above the page are as they were
 * </pre>
 *
 * Source: "Queued Invalidation Interface".
 */
public record InvalidationDescriptor(long low, long high) {
    public static final int BYTES = 16;

    static final int CONTEXT = 1;
    static final int IOTLB = 2;
    static final int INTERRUPT = 4;
    static final int WAIT = 5;

    static final int ALL = 1;
    static final int DOMAIN = 2;
    static final int ONE = 3;

    private static final long LEAF_ONLY = 1 << 6;
    private static final long STATUS_WRITE = 1 << 5;
    private static final int GRANULARITY_SHIFT = 4;
    private static final int DOMAIN_SHIFT = 16;
    private static final int REQUESTER_SHIFT = 32;

    public static InvalidationDescriptor allContexts() {
        return new InvalidationDescriptor(CONTEXT | ALL << GRANULARITY_SHIFT, 0);
    }

    public static InvalidationDescriptor context(int domain, int requester) {
        return new InvalidationDescriptor(
                CONTEXT | ONE << GRANULARITY_SHIFT | domain(domain) | (long) requester << REQUESTER_SHIFT, 0);
    }

    public static InvalidationDescriptor everything() {
        return new InvalidationDescriptor(IOTLB | ALL << GRANULARITY_SHIFT, 0);
    }

    public static InvalidationDescriptor ofDomain(int domain) {
        return new InvalidationDescriptor(IOTLB | DOMAIN << GRANULARITY_SHIFT | domain(domain), 0);
    }

    /**
     * So many pages, a power of two, from one that is a multiple of it.
     *
     * @param leafOnly only entries that map pages were changed
     */
    public static InvalidationDescriptor pages(int domain, long iova, int count, boolean leafOnly) {
        return new InvalidationDescriptor(
                IOTLB | ONE << GRANULARITY_SHIFT | domain(domain),
                iova | (leafOnly ? LEAF_ONLY : 0) | Integer.numberOfTrailingZeros(count));
    }

    /** Done when all before it is done; then writes 32 bits to {@code statusHpa}, a multiple of 4. */
    public static InvalidationDescriptor waitFor(long statusHpa, int data) {
        return new InvalidationDescriptor(WAIT | STATUS_WRITE | (long) data << 32, statusHpa);
    }

    private static long domain(int domain) {
        return (long) domain << DOMAIN_SHIFT;
    }

    int type() {
        return (int) low & 15;
    }

    int granularity() {
        return (int) (low >>> GRANULARITY_SHIFT) & 3;
    }

    int domain() {
        return (int) (low >>> DOMAIN_SHIFT) & 0xFFFF;
    }

    int requester() {
        return (int) (low >>> REQUESTER_SHIFT) & 0xFFFF;
    }

    long page() {
        return high & -4096L;
    }

    /** AM; up to 63. */
    int pageBits() {
        return (int) high & 63;
    }

    boolean isLeafOnly() {
        return (high & LEAF_ONLY) != 0;
    }

    boolean writesStatus() {
        return (low & STATUS_WRITE) != 0;
    }

    int statusData() {
        return (int) (low >>> 32);
    }

    long statusAddress() {
        return high & -4L;
    }
}
