package hvsim.vmm.iommu.mapping;

import hvsim.tlb.Snapshot;

/** A driver's way to buffers that a device may use: what the device is told, for as long as it may. */
public interface DmaMapping {
    long NEVER = Long.MAX_VALUE;

    /**
     * The address by which the device reaches a buffer from now on.
     *
     * @param rights {@link hvsim.ept.EptEntry#READ} and {@link hvsim.ept.EptEntry#WRITE}: what the device may
     */
    long map(long hpa, long bytes, long rights, long cycle);

    /** The device is done with it. How soon it can't reach it any more is the policy's. */
    void unmap(long iova, long cycle);

    /** When something is due without being asked for; {@link #NEVER} if nothing is. */
    long dueCycle();

    /** Does what is due up to that cycle. */
    void advanceTo(long cycle);

    /** Cycles of the processor since this was last asked. */
    long takeCycles();

    void transfer(Snapshot snapshot);
}
