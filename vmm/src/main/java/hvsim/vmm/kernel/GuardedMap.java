package hvsim.vmm.kernel;

import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.tlb.PageSize;
import hvsim.vmm.memory.direct.DirectMemory;

/**
 * Where the hypervisor lets no table be written: pages of 4 KiB, of which tables are read-only. Its own tables of level 1
 * come from what the guest has beyond a bare machine's memory, so that all others have the same frames as there.
 */
final class GuardedMap implements DirectMap {
    private static final int LEVEL_OF_LARGE_PAGES = 2;

    private final DirectMemory memory;
    private final GuestFrames frames;
    private final long base;
    private final long flags;
    private long root = PageTable.UNMAPPED;

    /**
     * @param base where guest-physical address 0 is seen
     * @param flags of the kernel's pages
     */
    GuardedMap(DirectMemory memory, GuestFrames frames, long base, long flags) {
        this.memory = memory;
        this.frames = frames;
        this.base = base;
        this.flags = flags;
    }

    /** The first address space has its root table: its tables hold the map for all. */
    void startAt(long firstRoot) {
        root = root == PageTable.UNMAPPED ? firstRoot : root;
    }

    @Override
    public void map(KernelImage image, long gva, long gpa) {
        PageTable table = image.table();
        if (table.translate(gva) == PageTable.UNMAPPED) {
            image.link(gva, LEVEL_OF_LARGE_PAGES);
            if (table.missingTable(gva, PageSize.SIZE_4K) != 0) {
                table.link(gva, 1, frames.takeExtra(), true);
            }
            set(table, gva, gpa, !memory.isTable(gpa));
        } else if ((table.entry(gva, 1) & GuestEntry.WRITE) == 0 && !memory.isTable(gpa)) {
            set(table, gva, gpa, true);
        }
    }

    @Override
    public void becomesTable(long gpa) {
        long gva = base + gpa;
        if (root != PageTable.UNMAPPED && (memory.guestTable(root).entry(gva, 1) & GuestEntry.WRITE) != 0) {
            set(memory.guestTable(root), gva, gpa, false);
        }
    }

    private void set(PageTable table, long gva, long gpa, boolean writable) {
        long rights = writable ? flags : flags & ~GuestEntry.WRITE;
        table.setLeaf(
                gva, PageSize.SIZE_4K, GuestEntry.leaf(gpa & -PageSize.SIZE_4K.bytes(), PageSize.SIZE_4K, rights));
    }
}
