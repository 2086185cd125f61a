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

/** A guest to whom a device is given: all that it may reach is mapped for good, by guest-physical addresses that are machine addresses. */
final class PassedThrough {
    static final int REQUESTER = 0x0100;

    private static final long GUEST_BYTES = 32L << 20;
    private static final long TABLES = 1L << 32;
    private static final long TABLES_BYTES = 1L << 30;
    private static final int DOMAIN = 1;

    private PassedThrough() {}

    /** What the device of a guest of 32 MiB, in pages of 2 MiB, reaches of {@code machine}. */
    static BusMemory bus(ArrayMemory machine) {
        return new RemappedBus(of(GUEST_BYTES, PageSize.SIZE_2M), REQUESTER, machine);
    }

    static Iommu of(long bytes, PageSize size) {
        PhysicalMemory memory = new PhysicalMemory(TABLES + TABLES_BYTES);
        Frames frames = new Frames(new FrameAllocator(TABLES, TABLES + TABLES_BYTES, TABLES_BYTES, "tables"), 0);
        Iommu iommu = new Iommu(memory, IommuSpec.ASSUMED);
        InvalidationQueue queue = new InvalidationQueue(memory, iommu, frames.allocate(PageSize.SIZE_4K));
        Domain domain = new Domain(DOMAIN, memory, frames, iommu);
        for (long at = 0; at < bytes; at += size.bytes()) {
            domain.map(at, at, size, EptEntry.READ | EptEntry.WRITE);
        }
        new RemappingTables(memory, frames, iommu, queue).attach(REQUESTER, DOMAIN, domain.tables());
        return iommu;
    }
}
