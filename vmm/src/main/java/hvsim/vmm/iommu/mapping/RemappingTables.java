package hvsim.vmm.iommu.mapping;

import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.vmm.iommu.ContextEntry;
import hvsim.vmm.iommu.InvalidationDescriptor;
import hvsim.vmm.iommu.InvalidationQueue;
import hvsim.vmm.iommu.Iommu;
import hvsim.vmm.memory.Frames;

/** The root table and the context tables, as the software that owns the machine writes them: which requester is of which domain. */
public final class RemappingTables {
    private final PhysicalMemory memory;
    private final Frames frames;
    private final InvalidationQueue queue;
    private final long rootTable;

    /** Makes an empty root table, and gives it to the hardware. */
    public RemappingTables(PhysicalMemory memory, Frames frames, Iommu iommu, InvalidationQueue queue) {
        this.memory = memory;
        this.frames = frames;
        this.queue = queue;
        rootTable = frames.allocate(PageSize.SIZE_4K);
        iommu.setRootTable(rootTable);
    }

    /** From now on the requester's addresses are those of a domain's tables, which may be a guest's extended page tables. */
    public void attach(int requester, int domain, PageTable tables) {
        set(requester, domain, ContextEntry.translated(tables.root()), ContextEntry.high(domain, tables.levels()));
    }

    /** From now on the requester's addresses are machine addresses. */
    public void passThrough(int requester, int domain) {
        long low = ContextEntry.PRESENT | ContextEntry.PASS_THROUGH;
        set(requester, domain, low, ContextEntry.high(domain, PageTable.LEVELS));
    }

    /** From now on the requester reaches nothing. */
    public void detach(int requester, int domain) {
        set(requester, domain, 0, 0);
        queue.submit(InvalidationDescriptor.ofDomain(domain));
    }

    private void set(int requester, int domain, long low, long high) {
        long entry = contextTable(requester >>> 8) + (long) (requester & 0xFF) * ContextEntry.BYTES;
        memory.write(entry + Long.BYTES, high);
        memory.write(entry, low);
        queue.submit(InvalidationDescriptor.context(domain, requester));
    }

    private long contextTable(int bus) {
        long rootEntry = rootTable + (long) bus * ContextEntry.BYTES;
        if (memory.read(rootEntry) == 0) {
            memory.write(rootEntry, ContextEntry.root(frames.allocate(PageSize.SIZE_4K)));
        }
        return memory.read(rootEntry) & -PageSize.SIZE_4K.bytes();
    }
}
