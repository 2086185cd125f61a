package hvsim.vmm.iommu.mapping;

import hvsim.tlb.Snapshot;

/** When hardware is told to forget what was unmapped; only then are its addresses free again. */
interface Invalidations {
    /**
     * The entries of a range are cleared.
     *
     * @param top its highest page, as {@link IovaAllocator} counts
     * @return cycles of the processor
     */
    long unmapped(int top, long cycle);

    /** When ranges that wait must not wait any longer; {@link DmaMapping#NEVER} if none does. */
    long dueCycle();

    /** Tells hardware of all that wait; returns cycles of the processor. */
    long flush();

    void transfer(Snapshot snapshot);
}
