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
}
