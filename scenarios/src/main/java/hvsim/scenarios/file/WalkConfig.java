package hvsim.scenarios.file;

/**
 * {@code machine.walk}: what shortens a page walk, and what its references cost.
 *
 * @param by who walks: the processor, or its software
 * @param nestedTlb entries from guest frame to machine frame; 0 for none
 * @param fixedCycles cost of one reference where {@code cost} is fixed
 * @param walkers walks that can be under way at a time
 * @param overlap of a walk's cycles, those that the core does other work in
 */
public record WalkConfig(
        WalkBy by,
        WalkCacheConfig guestCache,
        WalkCacheConfig secondStageCache,
        int nestedTlb,
        WalkCost cost,
        int fixedCycles,
        int walkers,
        Share overlap) {

    /** Entries of the paging-structure caches, by the level they hold; 0 for none. PML5 entries exist with 5 levels. */
    public record WalkCacheConfig(int pml5e, int pml4e, int pdpte, int pde) {}
}
