package hvsim.vmm;

import hvsim.cpu.Core;
import hvsim.ept.WalkStats;
import hvsim.tlb.Snapshot;
import hvsim.tlb.TlbStats;

/** What a core counted by itself, for one virtual processor or in all. */
public record CoreCounts(TlbStats tlb, WalkStats walks, long rewalks) {
    public static final CoreCounts ZERO = new CoreCounts(TlbStats.ZERO, WalkStats.ZERO, 0);

    static CoreCounts of(Core core) {
        return new CoreCounts(core.tlbStats(), core.walkStats(), core.rewalks());
    }

    public CoreCounts plus(CoreCounts other) {
        return minus(ZERO.minus(other));
    }

    CoreCounts minus(CoreCounts earlier) {
        return new CoreCounts(tlb.minus(earlier.tlb), walks.minus(earlier.walks), rewalks - earlier.rewalks);
    }

    static CoreCounts transfer(CoreCounts counts, Snapshot s) {
        return new CoreCounts(
                TlbStats.transfer(counts.tlb, s), WalkStats.transfer(counts.walks, s), s.transfer(counts.rewalks));
    }
}
