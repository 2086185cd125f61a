package hvsim.vmm.iommu.mapping;

import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.iommu.InvalidationQueue;

/** With an IOMMU: each buffer has an I/O address for as long as the device may use it, and the device reaches nothing else. */
public final class RemappedMapping implements DmaMapping {
    private static final PageSize PAGE = PageSize.SIZE_4K;

    private final Domain domain;
    private final MappingCosts costs;
    private final IovaAllocator addresses;
    private final Invalidations invalidations;
    private long maps;
    private long cycles;

    /** @param longestCycles that a deferred invalidation waits: of 10 ms (Linux) */
    public RemappedMapping(
            Domain domain, InvalidationQueue queue, MappingPolicy policy, MappingCosts costs, long longestCycles) {
        if (policy == MappingPolicy.NONE) {
            throw new IllegalArgumentException("none: maps nothing");
        }
        this.domain = domain;
        this.costs = costs;
        addresses = policy.allocator();
        invalidations = policy.isDeferred()
                ? new DeferredInvalidations(queue, addresses, costs, longestCycles)
                : new StrictInvalidations(domain.number(), queue, addresses, costs);
    }

    @Override
    public long map(long hpa, long bytes, long rights, long cycle) {
        long offset = hpa & PAGE.bytes() - 1;
        int used = (int) (offset + bytes + PAGE.bytes() - 1 >>> PAGE.shift());
        int pages = Integer.highestOneBit(2 * used - 1);
        long visitedBefore = addresses.visited();
        long iova = IovaRange.address(addresses.allocate(pages), pages);
        for (int i = 0; i < used; i++) {
            long at = (long) i << PAGE.shift();
            domain.map(iova + at, hpa - offset + at, PAGE, rights);
        }
        maps++;
        cycles += costs.allocate() + (addresses.visited() - visitedBefore) * costs.visit();
        cycles += costs.mapTable() + costs.mapOther();
        return iova + offset;
    }

    /** @throws IllegalArgumentException if nothing is mapped there */
    @Override
    public void unmap(long iova, long cycle) {
        int top = topOf(iova);
        int pages = addresses.pages(top);
        long first = IovaRange.address(top, pages);
        for (int i = 0; i < pages; i++) {
            long at = first + ((long) i << PAGE.shift());
            if (isMapped(at)) {
                domain.unmap(at, PAGE);
            }
        }
        cycles += costs.find() + costs.unmapTable() + costs.unmapOther();
        cycles += invalidations.unmapped(top, cycle);
    }

    private boolean isMapped(long page) {
        return domain.tables().entry(page, 1) != 0;
    }

    /** The range that begins on the page of {@code iova}. */
    private int topOf(long iova) {
        int last = IovaRange.pageOf(iova);
        for (int pages = 1; pages <= IovaRange.PAGES; pages *= 2) {
            int top = last + 1 - pages;
            if (addresses.pages(top) == pages && isMapped(IovaRange.address(top, pages))) {
                return top;
            }
        }
        throw new IllegalArgumentException("no buffer is mapped at " + Long.toHexString(iova) + "H");
    }

    @Override
    public long dueCycle() {
        return invalidations.dueCycle();
    }

    @Override
    public void advanceTo(long cycle) {
        if (invalidations.dueCycle() <= cycle) {
            cycles += invalidations.flush();
        }
    }

    @Override
    public long takeCycles() {
        long taken = cycles;
        cycles = 0;
        return taken;
    }

    /** Buffers that were mapped. */
    public long maps() {
        return maps;
    }

    /** Ranges that the searches for free addresses went over. */
    public long visited() {
        return addresses.visited();
    }

    @Override
    public void transfer(Snapshot snapshot) {
        addresses.transfer(snapshot);
        invalidations.transfer(snapshot);
        maps = snapshot.transfer(maps);
        cycles = snapshot.transfer(cycles);
    }
}
