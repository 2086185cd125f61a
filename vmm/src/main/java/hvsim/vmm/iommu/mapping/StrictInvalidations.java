package hvsim.vmm.iommu.mapping;

import hvsim.tlb.Snapshot;
import hvsim.vmm.iommu.InvalidationDescriptor;
import hvsim.vmm.iommu.InvalidationQueue;

/** Each range by itself, at once. */
final class StrictInvalidations implements Invalidations {
    private final int domain;
    private final InvalidationQueue queue;
    private final IovaAllocator addresses;
    private final MappingCosts costs;

    StrictInvalidations(int domain, InvalidationQueue queue, IovaAllocator addresses, MappingCosts costs) {
        this.domain = domain;
        this.queue = queue;
        this.addresses = addresses;
        this.costs = costs;
    }

    @Override
    public long unmapped(int top, long cycle) {
        int pages = addresses.pages(top);
        queue.submit(InvalidationDescriptor.pages(domain, IovaRange.address(top, pages), pages, true));
        addresses.free(top);
        return costs.invalidate() + costs.free();
    }

    @Override
    public long dueCycle() {
        return DmaMapping.NEVER;
    }

    @Override
    public long flush() {
        return 0;
    }

    @Override
    public void transfer(Snapshot snapshot) {}
}
