package hvsim.scenarios.file;

/**
 * {@code machine.caches}: the levels of the memory hierarchy in front of memory.
 *
 * @param l1 of each core: one for data and page walks, one more of this shape for fetches
 * @param l2 of each core
 * @param l3 of each socket
 */
public record CachesConfig(CacheHolds holds, CacheConfig l1, CacheConfig l2, CacheConfig l3) {

    /**
     * One level.
     *
     * @param size nothing, if there is no such level
     * @param hitCycles latency of what it serves
     */
    public record CacheConfig(Bytes size, int ways, int hitCycles) {}
}
