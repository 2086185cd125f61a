package hvsim.vmm.iommu.mapping;

import hvsim.tlb.Snapshot;

/** Hands I/O addresses out, as numbers of pages below the top of the space: 0 is the last page. */
interface IovaAllocator {
    /**
     * The highest page of a free range.
     *
     * @param pages a power of two; the range is aligned to it
     * @throws IllegalStateException if the space is used up
     */
    int allocate(int pages);

    /** How many pages the range of that highest page has; 0 if there is none. */
    int pages(int top);

    void free(int top);

    /** Ranges that all searches for a free one went over. */
    long visited();

    void transfer(Snapshot snapshot);
}
