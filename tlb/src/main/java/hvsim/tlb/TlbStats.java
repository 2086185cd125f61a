package hvsim.tlb;

/**
 * What a {@link Tlb} counted. Look-ups are not counted here: the first level's are the pages that
 * accesses touched, the second level's are the first level's misses.
 */
public record TlbStats(
        long fetchMisses,
        long dataMisses,
        long secondFetchMisses,
        long secondDataMisses,
        long hypervisorFetchMisses,
        long hypervisorDataMisses,
        long hypervisorSecondFetchMisses,
        long hypervisorSecondDataMisses) {

    public static final TlbStats ZERO = new TlbStats(0, 0, 0, 0, 0, 0, 0, 0);

    public TlbStats plus(TlbStats other) {
        return minus(ZERO.minus(other));
    }

    public TlbStats minus(TlbStats earlier) {
        return new TlbStats(
                fetchMisses - earlier.fetchMisses,
                dataMisses - earlier.dataMisses,
                secondFetchMisses - earlier.secondFetchMisses,
                secondDataMisses - earlier.secondDataMisses,
                hypervisorFetchMisses - earlier.hypervisorFetchMisses,
                hypervisorDataMisses - earlier.hypervisorDataMisses,
                hypervisorSecondFetchMisses - earlier.hypervisorSecondFetchMisses,
                hypervisorSecondDataMisses - earlier.hypervisorSecondDataMisses);
    }

    /** Writes the counts, or reads others in their place. */
    public static TlbStats transfer(TlbStats counts, Snapshot s) {
        return new TlbStats(
                s.transfer(counts.fetchMisses),
                s.transfer(counts.dataMisses),
                s.transfer(counts.secondFetchMisses),
                s.transfer(counts.secondDataMisses),
                s.transfer(counts.hypervisorFetchMisses),
                s.transfer(counts.hypervisorDataMisses),
                s.transfer(counts.hypervisorSecondFetchMisses),
                s.transfer(counts.hypervisorSecondDataMisses));
    }
}
