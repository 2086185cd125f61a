package hvsim.cpu;

import hvsim.ept.WalkStats;
import hvsim.ept.cache.CacheStats;
import hvsim.tlb.Snapshot;
import hvsim.tlb.TlbStats;

/**
 * What a core counted by itself, for one virtual processor or in all.
 *
 * @param rewalks walks that only had to renew rights or the dirty flag of a cached translation
 * @param walkerWaitCycles cycles that walks waited for a page walker
 */
public record CoreCounts(TlbStats tlb, WalkStats walks, CacheStats caches, long rewalks, long walkerWaitCycles) {
    public static final CoreCounts ZERO = new CoreCounts(TlbStats.ZERO, WalkStats.ZERO, CacheStats.ZERO, 0, 0);

    public CoreCounts plus(CoreCounts other) {
        return minus(ZERO.minus(other));
    }

    public CoreCounts minus(CoreCounts earlier) {
        return new CoreCounts(
                tlb.minus(earlier.tlb),
                walks.minus(earlier.walks),
                caches.minus(earlier.caches),
                rewalks - earlier.rewalks,
                walkerWaitCycles - earlier.walkerWaitCycles);
    }

    public static CoreCounts transfer(CoreCounts counts, Snapshot s) {
        return new CoreCounts(
                TlbStats.transfer(counts.tlb, s),
                WalkStats.transfer(counts.walks, s),
                CacheStats.transfer(counts.caches, s),
                s.transfer(counts.rewalks),
                s.transfer(counts.walkerWaitCycles));
    }
}
