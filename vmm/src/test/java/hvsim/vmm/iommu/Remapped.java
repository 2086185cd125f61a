package hvsim.vmm.iommu;

import hvsim.ept.EptEntry;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.vmm.iommu.mapping.Domain;
import hvsim.vmm.iommu.mapping.RemappingTables;
import hvsim.vmm.memory.FrameAllocator;
import hvsim.vmm.memory.Frames;

/** A machine's memory behind an IOMMU, and who sets it up. Tables are above 1 GiB, so that buffers may be anywhere below. */
public final class Remapped {
    public static final long RW = EptEntry.READ | EptEntry.WRITE;

    private static final long GIB = 1L << 30;

    public final PhysicalMemory memory = new PhysicalMemory(2 * GIB);
    public final Frames frames = new Frames(new FrameAllocator(GIB, 2 * GIB, 2 * GIB, "the machine's memory"), 0);
    public final Iommu iommu;
    public final InvalidationQueue queue;
    public final RemappingTables tables;
    public final Dma dma = new Dma();

    public Remapped() {
        this(IommuSpec.ASSUMED);
    }

    public Remapped(IommuSpec spec) {
        iommu = new Iommu(memory, spec);
        queue = new InvalidationQueue(memory, iommu, frames.allocate(PageSize.SIZE_4K));
        tables = new RemappingTables(memory, frames, iommu, queue);
    }

    public Domain domain(int number) {
        return new Domain(number, memory, frames, iommu);
    }

    /** A domain that a requester is of. */
    public Domain attached(int requester, int number) {
        Domain domain = domain(number);
        tables.attach(requester, number, domain.tables());
        return domain;
    }
}
