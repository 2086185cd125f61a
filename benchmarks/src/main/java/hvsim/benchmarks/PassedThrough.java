package hvsim.benchmarks;

import hvsim.ept.EptEntry;
import hvsim.ept.PhysicalMemory;
import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.tlb.PageSize;
import hvsim.vmm.iommu.InvalidationQueue;
import hvsim.vmm.iommu.Iommu;
import hvsim.vmm.iommu.IommuSpec;
import hvsim.vmm.iommu.RemappedBus;
import hvsim.vmm.iommu.mapping.Domain;
import hvsim.vmm.iommu.mapping.RemappingTables;
import hvsim.vmm.memory.FrameAllocator;
import hvsim.vmm.memory.Frames;

/** A guest of 32 MiB, in pages of 2 MiB, to whom a device is given: all that it may reach is mapped for good. */
final class PassedThrough {
    private static final long GUEST_BYTES = 32L << 20;
    private static final int REQUESTER = 0x0100;
    private static final int DOMAIN = 1;

    private PassedThrough() {}

    /** What the device reaches of {@code machine}, by guest-physical addresses that are machine addresses. */
    static BusMemory bus(ArrayMemory machine) {
        PhysicalMemory memory = new PhysicalMemory(2 * GUEST_BYTES);
        Frames frames = new Frames(new FrameAllocator(GUEST_BYTES, 2 * GUEST_BYTES, 2 * GUEST_BYTES, "memory"), 0);
        Iommu iommu = new Iommu(memory, IommuSpec.ASSUMED);
        InvalidationQueue queue = new InvalidationQueue(memory, iommu, frames.allocate(PageSize.SIZE_4K));
        Domain domain = new Domain(DOMAIN, memory, frames, iommu);
        for (long at = 0; at < GUEST_BYTES; at += PageSize.SIZE_2M.bytes()) {
            domain.map(at, at, PageSize.SIZE_2M, EptEntry.READ | EptEntry.WRITE);
        }
        new RemappingTables(memory, frames, iommu, queue).attach(REQUESTER, DOMAIN, domain.tables());
        return new RemappedBus(iommu, REQUESTER, machine);
    }
}
