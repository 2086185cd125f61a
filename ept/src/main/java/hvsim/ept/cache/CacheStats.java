package hvsim.ept.cache;

import hvsim.tlb.Snapshot;

/**
 * What the caches of a core were asked for.
 *
 * @param walks reads of table entries for guests
 * @param data guests' data references and fetches, page by page and line by line
 * @param hypervisorWalks reads of table entries for the hypervisor's own code
 * @param hypervisorData its data references and fetches
 */
public record CacheStats(ServedBy walks, ServedBy data, ServedBy hypervisorWalks, ServedBy hypervisorData) {
    public static final CacheStats ZERO = new CacheStats(ServedBy.ZERO, ServedBy.ZERO, ServedBy.ZERO, ServedBy.ZERO);

    public CacheStats minus(CacheStats earlier) {
        return new CacheStats(
                walks.minus(earlier.walks),
                data.minus(earlier.data),
                hypervisorWalks.minus(earlier.hypervisorWalks),
                hypervisorData.minus(earlier.hypervisorData));
    }

    public CacheStats plus(CacheStats other) {
        return minus(ZERO.minus(other));
    }

    /** Writes the counts, or reads others in their place. */
    public static CacheStats transfer(CacheStats counts, Snapshot s) {
        return new CacheStats(
                ServedBy.transfer(counts.walks, s),
                ServedBy.transfer(counts.data, s),
                ServedBy.transfer(counts.hypervisorWalks, s),
                ServedBy.transfer(counts.hypervisorData, s));
    }
}
