package hvsim.vmm.memory;

import hvsim.ept.EptEntry;
import hvsim.ept.EptPointer;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;

/** Nested paging: the hypervisor keeps extended page tables, and the guest its own tables as it likes. */
public final class NestedMemory implements MemoryTechnique {
    private final PhysicalMemory memory;
    private final MachineFrames machineFrames;
    private final Frames frames;
    private final Frames tableFrames;
    private final PageSize hostPage;
    private final long guestBytes;
    private final PageTable ept;
    private long backedBytes;

    /**
     * @param pageLevels of the second stage's tables, and of the guest's
     * @param frames of the guest's share of machine memory
     * @param tableFrames of the hypervisor's: the tables are its, not the guest's
     * @param hostPage leaf size of the second stage
     * @param guestBytes size of guest-physical memory
     */
    public NestedMemory(
            PhysicalMemory memory,
            int pageLevels,
            MachineFrames machineFrames,
            Frames frames,
            Frames tableFrames,
            PageSize hostPage,
            long guestBytes) {
        this.memory = memory;
        this.machineFrames = machineFrames;
        this.frames = frames;
        this.tableFrames = tableFrames;
        this.hostPage = hostPage;
        this.guestBytes = guestBytes;
        this.ept = PageTable.ofSecondStage(memory, tableFrames.allocate(PageSize.SIZE_4K), pageLevels);
    }

    /** The EPT pointer to the second stage's root table. */
    public long eptPointer(boolean accessedDirty) {
        return EptPointer.pack(ept.root(), ept.levels(), accessedDirty);
    }

    @Override
    public PageTable guestTable(long rootGpa) {
        return PageTable.ofGuest(memory, rootGpa, ept.levels(), ept);
    }

    /**
     * @throws IllegalArgumentException if the guest has no such memory
     */
    @Override
    public void back(long gpa) {
        if (gpa >= guestBytes) {
            throw new IllegalArgumentException(
                    "guest-physical address 0x" + Long.toHexString(gpa) + " is beyond the guest's memory");
        }
        if (ept.translate(gpa) == PageTable.UNMAPPED) {
            map(gpa, pageFor(gpa));
        }
    }

    /** The last, odd piece of a guest's memory is mapped with smaller pages. */
    private PageSize pageFor(long gpa) {
        PageSize page = hostPage;
        while ((gpa | page.bytes() - 1) >= guestBytes && page != PageSize.SIZE_4K) {
            page = PageSize.byNumber(page.ordinal() - 1);
        }
        return page;
    }

    private void map(long gpa, PageSize page) {
        for (int level = ept.missingTable(gpa, page); level != 0; level = ept.missingTable(gpa, page)) {
            ept.link(gpa, level, tableFrames.allocate(PageSize.SIZE_4K), false);
        }
        ept.setLeaf(gpa, page, EptEntry.leaf(frames.allocate(page), page, EptEntry.RIGHTS));
        backedBytes += page.bytes();
    }

    @Override
    public long backedBytes() {
        return backedBytes;
    }

    @Override
    public String audit() {
        return auditTable(ept.root(), ept.levels());
    }

    private String auditTable(long table, int level) {
        for (int i = 0; i < 512; i++) {
            long entry = memory.read(table + 8L * i);
            if (EptEntry.isPresent(entry)) {
                String found = EptEntry.isLeaf(entry, level)
                        ? auditLeaf(entry, PageSize.byNumber(level - 1))
                        : auditTable(entry & GuestEntry.ADDRESS, level - 1);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return "";
    }

    private String auditLeaf(long entry, PageSize page) {
        long hpa = GuestEntry.pageAddress(entry, page);
        int owner = machineFrames.ownerOf(hpa);
        return owner == frames.owner() && machineFrames.ownerOf(hpa + page.bytes() - 1) == owner
                ? ""
                : "machine frame 0x" + Long.toHexString(hpa >>> 12) + " is reached but belongs to another";
    }

    @Override
    public void transfer(Snapshot snapshot) {
        frames.transfer(snapshot);
        backedBytes = snapshot.transfer(backedBytes);
    }
}
