package hvsim.vmm.memory;

import hvsim.ept.EptEntry;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;

/**
 * Which machine memory is behind a guest's physical memory: tables in the form of the second stage's, whether the
 * hardware walks them or the hypervisor alone.
 */
public final class MemoryMap {
    private final PhysicalMemory memory;
    private final MachineFrames machineFrames;
    private final Frames frames;
    private final Frames tableFrames;
    private final PageSize hostPage;
    private final long guestBytes;
    private final TableLayout guestLayout;
    private final PageTable table;
    private long backedBytes;

    /**
     * @param pageLevels of these tables
     * @param guestLayout of the guest's
     * @param frames of the guest's share of machine memory
     * @param tableFrames of the hypervisor's: the tables are its, not the guest's
     * @param hostPage size of the largest pages that are mapped
     * @param guestBytes size of guest-physical memory
     */
    public MemoryMap(
            PhysicalMemory memory,
            int pageLevels,
            TableLayout guestLayout,
            MachineFrames machineFrames,
            Frames frames,
            Frames tableFrames,
            PageSize hostPage,
            long guestBytes) {
        this(
                memory,
                guestLayout,
                machineFrames,
                frames,
                tableFrames,
                hostPage,
                guestBytes,
                PageTable.ofSecondStage(memory, tableFrames.allocate(PageSize.SIZE_4K), pageLevels));
    }

    private MemoryMap(
            PhysicalMemory memory,
            TableLayout guestLayout,
            MachineFrames machineFrames,
            Frames frames,
            Frames tableFrames,
            PageSize hostPage,
            long guestBytes,
            PageTable table) {
        this.memory = memory;
        this.guestLayout = guestLayout;
        this.machineFrames = machineFrames;
        this.frames = frames;
        this.tableFrames = tableFrames;
        this.hostPage = hostPage;
        this.guestBytes = guestBytes;
        this.table = table;
    }

    /**
     * The map of a hypervisor within this memory, of a guest with as much: its tables are there.
     *
     * @param own the guest hypervisor's frames for its tables
     * @param lent its frames for the guest
     * @param page size of the largest pages that it maps
     */
    MemoryMap within(Frames own, Frames lent, PageSize page) {
        PageTable nested = PageTable.ofNestedSecondStage(memory, own.allocate(PageSize.SIZE_4K), table.levels(), table);
        return new MemoryMap(memory, guestLayout, machineFrames, lent, own, page, guestBytes, nested);
    }

    PhysicalMemory memory() {
        return memory;
    }

    /** From guest-physical to machine addresses. */
    public PageTable table() {
        return table;
    }

    /** What kind of tables the guest has. */
    public TableLayout guestLayout() {
        return guestLayout;
    }

    /** The guest's tables with that root, as software reads and writes them. */
    public PageTable guestTable(long rootGpa) {
        return PageTable.ofGuest(memory, rootGpa, guestLayout, table);
    }

    /** Whether the guest has memory there. */
    public boolean has(long gpa) {
        return gpa < guestBytes;
    }

    /**
     * Makes sure that there is machine memory behind a guest-physical address.
     *
     * @throws IllegalArgumentException if the guest has no such memory
     */
    public void back(long gpa) {
        if (!has(gpa)) {
            throw new IllegalArgumentException(
                    "guest-physical address 0x" + Long.toHexString(gpa) + " is beyond the guest's memory");
        }
        if (table.translate(gpa) == PageTable.UNMAPPED) {
            map(gpa, pageAt(gpa));
        }
    }

    /** A page at an address beyond the guest's memory, for the hypervisor's own use. */
    public void backBeyond(long gpa) {
        map(gpa, PageSize.SIZE_4K);
    }

    /** A page beyond the guest's memory of which each access exits as a misconfiguration: a device's registers. */
    void refuse(long gpa) {
        link(gpa, PageSize.SIZE_4K);
        table.setLeaf(gpa, PageSize.SIZE_4K, EptEntry.REFUSED);
    }

    /** Size of the page that maps, or would map, that address: the last, odd piece of memory has smaller ones. */
    public PageSize pageAt(long gpa) {
        PageSize page = hostPage;
        while ((gpa | page.bytes() - 1) >= guestBytes && page != PageSize.SIZE_4K) {
            page = PageSize.byNumber(page.ordinal() - 1);
        }
        return page;
    }

    private void map(long gpa, PageSize page) {
        link(gpa, page);
        table.setLeaf(gpa, page, EptEntry.leaf(frames.allocate(page), page, EptEntry.RIGHTS));
        backedBytes += page.bytes();
    }

    private void link(long gpa, PageSize page) {
        for (int level = table.missingTable(gpa, page); level != 0; level = table.missingTable(gpa, page)) {
            table.link(gpa, level, tableFrames.allocate(PageSize.SIZE_4K), false);
        }
    }

    /** Machine memory that the guest has been given. */
    public long backedBytes() {
        return backedBytes;
    }

    /** What of the map leads to frames that are not the guest's; an empty text if nothing does. */
    public String audit() {
        return audit(table);
    }

    /** The same of another table that the guest's addresses go through. */
    String audit(PageTable other) {
        return auditTable(other.root(), other.levels());
    }

    private String auditTable(long at, int level) {
        for (int i = 0; i < 512; i++) {
            long entry = memory.read(at + 8L * i);
            if (EptEntry.isPresent(entry) && entry != EptEntry.REFUSED) {
                String found = EptEntry.isLeaf(entry, level)
                        ? auditPage(GuestEntry.pageAddress(entry, PageSize.byNumber(level - 1)), level)
                        : auditTable(entry & GuestEntry.ADDRESS, level - 1);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return "";
    }

    /** What is amiss with a page of a table of {@code level} that the guest reaches. */
    public String auditPage(long hpa, int level) {
        int owner = machineFrames.ownerOf(hpa);
        long last = hpa + PageSize.byNumber(level - 1).bytes() - 1;
        return owner == frames.owner() && machineFrames.ownerOf(last) == owner
                ? ""
                : "machine frame 0x" + Long.toHexString(hpa >>> 12) + " is reached but belongs to another";
    }

    public void transfer(Snapshot snapshot) {
        frames.transfer(snapshot);
        backedBytes = snapshot.transfer(backedBytes);
    }
}
