package hvsim.vmm.iommu.mapping;

import hvsim.ept.EptEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.vmm.iommu.Iommu;
import hvsim.vmm.memory.Frames;

/** A domain's tables, as software edits them. Tables that were made stay. */
public final class Domain {
    private final int number;
    private final PageTable tables;
    private final Frames frames;
    private final Iommu iommu;

    public Domain(int number, PhysicalMemory memory, Frames frames, Iommu iommu) {
        this.number = number;
        this.frames = frames;
        this.iommu = iommu;
        tables = PageTable.ofSecondStage(memory, frames.allocate(PageSize.SIZE_4K));
    }

    public int number() {
        return number;
    }

    public PageTable tables() {
        return tables;
    }

    /** @param rights {@link EptEntry#READ} and {@link EptEntry#WRITE} */
    public void map(long iova, long hpa, PageSize size, long rights) {
        for (int level = tables.missingTable(iova, size); level > 0; level = tables.missingTable(iova, size)) {
            tables.link(iova, level, frames.allocate(PageSize.SIZE_4K), false);
        }
        tables.setLeaf(iova, size, EptEntry.leaf(hpa, size, rights));
    }

    /** Clears the entry; what hardware remembers of it stays, until it is invalidated. */
    public void unmap(long iova, PageSize size) {
        tables.setLeaf(iova, size, 0);
        iommu.unmapped(number, iova);
    }
}
