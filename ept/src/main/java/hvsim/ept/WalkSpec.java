package hvsim.ept;

/**
 * The shape of the structures that shorten page walks; 0 entries is none of that kind.
 *
 * @param guestCache of the guest's (or native) tables
 * @param secondStageCache of the second stage's tables
 * @param nestedTlb entries that take a guest frame to a machine frame
 */
public record WalkSpec(StructureCache guestCache, StructureCache secondStageCache, int nestedTlb) {
    /** Nothing is cached: every walk reads every entry. */
    public static final WalkSpec UNCACHED = new WalkSpec(new StructureCache(0, 0, 0), new StructureCache(0, 0, 0), 0);

    public WalkSpec {
        checkEntries("nested_tlb", nestedTlb);
    }

    /** Paging-structure caches, fully associative: entries by the kind of entry they remember. */
    public record StructureCache(int pml5e, int pml4e, int pdpte, int pde) {
        public StructureCache {
            checkEntries("pml5e", pml5e);
            checkEntries("pml4e", pml4e);
            checkEntries("pdpte", pdpte);
            checkEntries("pde", pde);
        }

        /** Of a processor with 4 levels. */
        public StructureCache(int pml4e, int pdpte, int pde) {
            this(0, pml4e, pdpte, pde);
        }
    }

    private static void checkEntries(String name, int entries) {
        if (entries < 0) {
            throw new IllegalArgumentException(name + ": " + entries + " entries; 0 or more are possible");
        }
    }
}
