package hvsim.ept.cache;

/**
 * The shape of the hierarchy of one socket.
 *
 * @param holdsData whether data references and fetches compete with the entries of page tables
 * @param l1 for data, and another one of this shape for fetches; of each core
 * @param l2 of each core
 * @param l3 of the socket
 * @param memoryCycles latency of a reference that no cache serves, from its start
 * @param remoteMemoryCycles the same where the memory is another socket's
 */
public record CachesSpec(
        boolean holdsData, CacheSpec l1, CacheSpec l2, CacheSpec l3, int memoryCycles, int remoteMemoryCycles) {
    public CachesSpec {
        if (l1.sizeBytes() == 0) {
            throw new IllegalArgumentException("there is always an L1");
        }
        if (memoryCycles < 0 || remoteMemoryCycles < 0) {
            throw new IllegalArgumentException("a latency is negative");
        }
    }

    /** By number of the level: L1, L2, L3, memory, remote memory. */
    int[] cyclesByLevel() {
        return new int[] {l1.hitCycles(), l2.hitCycles(), l3.hitCycles(), memoryCycles, remoteMemoryCycles};
    }
}
