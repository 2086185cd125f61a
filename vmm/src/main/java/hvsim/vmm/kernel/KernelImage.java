package hvsim.vmm.kernel;

import hvsim.ept.GuestEntry;
import hvsim.ept.GuestPage;
import hvsim.ept.PageTable;
import hvsim.ept.TableLayout;
import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * Where a guest's kernel lives in each of its processes, as {@link SpaceLayout} says: supervisor pages, global if the
 * kernel has global pages, under entries of root tables that all processes share.
 *
 * <pre>
 *   text    code                        data    16 pages for each virtual processor: task structures, stacks
 *   locks   64 bytes each               forged  one page for each virtual processor of a hostile kernel
 *   direct  guest-physical memory at one offset
 *   window  pages of memory beyond that, one after the other
 * </pre>
 *
 * It is made, free of charge, when the kernel first runs; a guest that never enters its kernel has none. Of what
 * only some paths need, each page is made when it is first needed.
 */
final class KernelImage {
    private static final int PAGES = 16;
    private static final int PAGE_BYTES = 4096;
    private static final int LINE_BYTES = 64;
    private static final int CALL_BYTES = 16;
    private static final int DEVICE_SHIFT = 16;
    private static final long SHARED = GuestEntry.ACCESSED | GuestEntry.DIRTY | GuestEntry.WRITE;

    private final SpaceLayout layout;
    private final Processes processes;
    private final GuestFrames frames;
    private final KernelTables tables;
    private final DirectMap directMap;
    private final HighMemory highMemory;
    private final long flags;
    private boolean made;

    /** Pages that are there, by number: text, locks, and of the data the first page of each virtual processor. */
    private final boolean[] textThere = new boolean[Path.pages()];

    private final boolean[] locksThere;

    private final boolean[] dataThere;

    /** @param flags see {@link #flags} */
    KernelImage(
            SpaceLayout layout,
            Processes processes,
            GuestFrames frames,
            KernelPort.Memory memory,
            long flags,
            int vcpus) {
        this.layout = layout;
        this.processes = processes;
        this.frames = frames;
        this.tables = memory.tables();
        this.directMap = memory.directMap();
        this.flags = flags;
        this.highMemory = new HighMemory(layout.window(), flags, vcpus);
        this.locksThere = new boolean[SpinLocks.count(processes.most()) * LINE_BYTES / PAGE_BYTES + 1];
        this.dataThere = new boolean[vcpus];
    }

    /** Of the kernel's pages. */
    static long flags(boolean globalPages) {
        return SHARED | (globalPages ? GuestEntry.GLOBAL : 0);
    }

    /** Address of a page of code. */
    long text(int page) {
        make();
        long gva = layout.text() + (long) page * PAGE_BYTES;
        if (!textThere[page]) {
            textThere[page] = true;
            map(gva);
        }
        return gva;
    }

    /** The same code in the direct map, where the kernel writes it. */
    long writableText(int page) {
        return direct(table().translate(text(page)));
    }

    /** Address of a page of a virtual processor's data. */
    long data(int vcpu, int page) {
        make();
        long base = layout.data() + (long) vcpu * PAGES * PAGE_BYTES;
        for (int i = 0; i < PAGES && !dataThere[vcpu]; i++) {
            map(base + (long) i * PAGE_BYTES);
        }
        dataThere[vcpu] = true;
        return base + (long) (page % PAGES) * PAGE_BYTES;
    }

    /** Address of a lock, which has a cache line of its own. */
    long lock(int number) {
        make();
        long gva = layout.locks() + (long) number * LINE_BYTES;
        int page = number / (PAGE_BYTES / LINE_BYTES);
        if (!locksThere[page]) {
            map(gva & -PAGE_BYTES);
            locksThere[page] = true;
        }
        return gva;
    }

    /** Address of the line in which others tell a virtual processor that they have done what it asked. */
    long answers(int vcpu) {
        return data(vcpu, PAGES - 1) + PAGE_BYTES - LINE_BYTES;
    }

    /** Address of what a virtual processor shares with its hypervisor. */
    long shared(int vcpu) {
        return data(vcpu, PAGES - 2) + PAGE_BYTES - LINE_BYTES;
    }

    /** Address of one of the places, of 16 bytes each, for what a virtual processor is about to ask of its hypervisor. */
    long calls(int vcpu, int number) {
        return data(vcpu, PAGES - 2) + number % (PAGE_BYTES / 2 / CALL_BYTES) * (long) CALL_BYTES;
    }

    /** Whether the direct map has a guest-physical address; all tables are there. */
    boolean isDirect(long gpa) {
        return gpa < layout.directBytes();
    }

    /** Address at which the kernel sees a guest-physical address of the direct map. */
    long direct(long gpa) {
        make();
        long gva = layout.direct() + gpa;
        directMap.map(this, gva, gpa);
        return gva;
    }

    /** The forged page of a virtual processor is to lead to {@code address} from now on; returns whether it does. */
    boolean forge(int vcpu, long address) {
        make();
        link(forged(vcpu), GuestPage.KIB_4.leafLevel());
        return tables.forge(table(), forged(vcpu), GuestPage.KIB_4.leaf(address, flags));
    }

    /** Address of a page that nothing else has: those of six tables. */
    long spare(int page) {
        make();
        return layout.spare() + (long) page * PAGE_BYTES;
    }

    /** Maps the registers of a device, which are at that guest-physical address; returns where they are seen. */
    long mapDevice(int device, long gpa, int pages) {
        make();
        long gva = layout.devices() + ((long) device << DEVICE_SHIFT);
        for (long offset = 0; offset < (long) pages * PAGE_BYTES; offset += PAGE_BYTES) {
            setLeaf(gva + offset, GuestPage.KIB_4, GuestPage.KIB_4.leaf(gpa + offset, flags));
        }
        return gva;
    }

    /** Of entries that lead to its pages. */
    long flags() {
        return flags;
    }

    /** Guest-physical address of the entry that maps the forged page. */
    long forgedEntry(int vcpu) {
        return table().entryAddress(forged(vcpu), GuestPage.KIB_4.leafLevel());
    }

    /** Number of the virtual processor whose forged page has the address, if any such has. */
    long forgedPage(long gva) {
        return Math.floorDiv(gva - layout.forged(), (long) PAGE_BYTES);
    }

    /** Where a virtual processor's forged page is seen. */
    long forged(int vcpu) {
        return layout.forged() + (long) vcpu * PAGE_BYTES;
    }

    /** Address at which a virtual processor's kernel sees another one, when the code has run that maps it there. */
    long window(int vcpu, long gpa, KernelCode code) {
        make();
        return highMemory.map(this, vcpu, gpa, code);
    }

    /** Of an entry of the kernel's tables. */
    int entryBytes() {
        return table().layout().entryBytes();
    }

    /** The table of process 0, in which the kernel is mapped first. */
    PageTable table() {
        return first().table();
    }

    private void make() {
        if (made) {
            return;
        }
        made = true;
        Arrays.fill(textThere, 0, PAGES, true);
        dataThere[0] = true;
        for (int page = 0; page < PAGES; page++) {
            map(layout.text() + (long) page * PAGE_BYTES);
            map(layout.data() + (long) page * PAGE_BYTES);
        }
    }

    private void map(long gva) {
        if (table().translate(gva) == PageTable.UNMAPPED) {
            setLeaf(gva, GuestPage.KIB_4, GuestPage.KIB_4.leaf(frames.takeTable(), flags));
        }
    }

    /** Maps a page of the kernel for all processes. */
    void setLeaf(long gva, GuestPage page, long entry) {
        link(gva, page.leafLevel());
        long before = rootEntry(gva);
        table().setEntry(gva, page.leafLevel(), entry);
        shareRootEntry(gva, before);
    }

    /** Makes the tables above a page of the kernel, for all processes. */
    void link(long gva, int leafLevel) {
        long before = rootEntry(gva);
        first().link(gva, leafLevel);
        shareRootEntry(gva, before);
    }

    private long rootEntry(long gva) {
        return table().entry(gva, table().levels());
    }

    /** All processes get what has changed in the root table of the first: it leads to a table, or to a page of 4 MiB. */
    private void shareRootEntry(long gva, long before) {
        long after = rootEntry(gva);
        for (int process = 1; before != after && process < processes.most(); process++) {
            if (processes.space(process).exists()) {
                processes.space(process).table().setEntry(gva, table().levels(), after);
            }
        }
    }

    private AddressSpace first() {
        return processes.space(0);
    }

    /** Makes the tables that have to be there before the first process runs. */
    void prepare() {
        if (table().layout() == TableLayout.PAE) {
            first().link(layout.kernel(), table().levels() - 1);
        }
    }

    /** Gives a new address space the entries that lead to the kernel, as far as there are any yet. */
    void linkInto(AddressSpace space) {
        space.shareKernel(first());
    }

    void transfer(Snapshot snapshot) {
        made = snapshot.transfer(made);
        transfer(snapshot, textThere);
        transfer(snapshot, locksThere);
        transfer(snapshot, dataThere);
        highMemory.transfer(snapshot);
    }

    private static void transfer(Snapshot snapshot, boolean[] there) {
        for (int i = 0; i < there.length; i++) {
            there[i] = snapshot.transfer(there[i]);
        }
    }
}
