package hvsim.vmm.iommu.mapping;

import hvsim.tlb.Snapshot;
import hvsim.vmm.iommu.InvalidationDescriptor;
import hvsim.vmm.iommu.InvalidationQueue;

/** So many ranges together, or after a while: the IOTLB then forgets everything. Until then a device may still reach them. */
final class DeferredInvalidations implements Invalidations {
    /** Malka et al. (ASPLOS 2015, 3.2); HIGH_WATER_MARK of Linux. */
    static final int MOST = 250;

    private final InvalidationQueue queue;
    private final IovaAllocator addresses;
    private final MappingCosts costs;
    private final long longestCycles;
    private final int[] waiting = new int[MOST];
    private int count;
    private long dueCycle = DmaMapping.NEVER;

    /** @param longestCycles that a range waits */
    DeferredInvalidations(InvalidationQueue queue, IovaAllocator addresses, MappingCosts costs, long longestCycles) {
        this.queue = queue;
        this.addresses = addresses;
        this.costs = costs;
        this.longestCycles = longestCycles;
    }

    @Override
    public long unmapped(int top, long cycle) {
        if (count == 0) {
            dueCycle = cycle + longestCycles;
        }
        waiting[count++] = top;
        return count == MOST ? flush() : 0;
    }

    @Override
    public long dueCycle() {
        return dueCycle;
    }

    @Override
    public long flush() {
        queue.submit(InvalidationDescriptor.everything());
        long cycles = costs.invalidate() + count * costs.free();
        for (int i = 0; i < count; i++) {
            addresses.free(waiting[i]);
        }
        count = 0;
        dueCycle = DmaMapping.NEVER;
        return cycles;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        snapshot.transfer(waiting);
        count = snapshot.transfer(count);
        dueCycle = snapshot.transfer(dueCycle);
    }
}
