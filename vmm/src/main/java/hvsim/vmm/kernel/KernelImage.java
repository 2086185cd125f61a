package hvsim.vmm.kernel;

import hvsim.cpu.GuestOp;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;

/**
 * Where a guest's kernel lives in each of its processes: supervisor pages in the upper half, global if the kernel has
 * global pages, under one entry of every root table.
 *
 * <pre>
 *   text    code                        data    16 pages for each virtual processor: task structures, stacks
 *   locks   64 bytes each               forged  one page for each virtual processor of a hostile kernel
 *                                       direct  all guest-physical memory at one offset, 2 MiB pages
 * </pre>
 *
 * It is made, free of charge, when the kernel first runs; a guest that never enters its kernel has none. Of what
 * only some paths need, each page is made when it is first needed.
 */
final class KernelImage {
    static final long BASE = GuestOp.GVA_MASK & -1L << 47;

    private static final long TEXT = BASE;
    private static final long DATA = BASE + (1L << 30);
    private static final long LOCKS = BASE + (1L << 31);
    private static final long FORGED = BASE + (3L << 30);
    private static final long DIRECT = BASE + (1L << 38);
    private static final int PAGES = 16;
    private static final int PAGE_BYTES = 4096;
    private static final int LINE_BYTES = 64;
    private static final long SHARED = GuestEntry.ACCESSED | GuestEntry.DIRTY | GuestEntry.WRITE;

    private final Processes processes;
    private final GuestFrames frames;
    private final long flags;
    private boolean made;

    /** Pages that are there, by number: text, locks, and of the data the first page of each virtual processor. */
    private long textThere;

    private final boolean[] locksThere;

    private final boolean[] dataThere;

    KernelImage(Processes processes, GuestFrames frames, boolean globalPages, int vcpus) {
        this.processes = processes;
        this.frames = frames;
        this.flags = SHARED | (globalPages ? GuestEntry.GLOBAL : 0);
        this.locksThere = new boolean[SpinLocks.count(processes.most()) * LINE_BYTES / PAGE_BYTES + 1];
        this.dataThere = new boolean[vcpus];
    }

    /** Address of a page of code. */
    long text(int page) {
        make();
        long gva = TEXT + (long) page * PAGE_BYTES;
        if ((textThere >>> page & 1) == 0) {
            textThere |= 1L << page;
            map(gva);
        }
        return gva;
    }

    /** Address of a page of a virtual processor's data. */
    long data(int vcpu, int page) {
        make();
        long base = DATA + (long) vcpu * PAGES * PAGE_BYTES;
        for (int i = 0; i < PAGES && !dataThere[vcpu]; i++) {
            map(base + (long) i * PAGE_BYTES);
        }
        dataThere[vcpu] = true;
        return base + (long) (page % PAGES) * PAGE_BYTES;
    }

    /** Address of a lock, which has a cache line of its own. */
    long lock(int number) {
        make();
        long gva = LOCKS + (long) number * LINE_BYTES;
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

    /** Address at which the kernel sees a guest-physical address. */
    long direct(long gpa) {
        make();
        long gva = DIRECT + gpa;
        PageTable table = first().table();
        if (table.translate(gva) == PageTable.UNMAPPED) {
            first().link(gva, PageSize.SIZE_2M);
            long page = gpa & -PageSize.SIZE_2M.bytes();
            table.setLeaf(gva, PageSize.SIZE_2M, GuestEntry.leaf(page, PageSize.SIZE_2M, flags));
        }
        return gva;
    }

    /** The forged page of a virtual processor leads to {@code address} from now on; returns where it is seen. */
    long forge(int vcpu, long address) {
        make();
        long gva = forged(vcpu);
        first().link(gva, PageSize.SIZE_4K);
        first().table().setLeaf(gva, PageSize.SIZE_4K, GuestEntry.leaf(address, PageSize.SIZE_4K, flags));
        return gva;
    }

    /** Guest-physical address of the entry that maps the forged page. */
    long forgedEntry(int vcpu) {
        return first().table().entryAddress(forged(vcpu), PageSize.SIZE_4K.leafLevel());
    }

    private static long forged(int vcpu) {
        return FORGED + (long) vcpu * PAGE_BYTES;
    }

    private void make() {
        if (made) {
            return;
        }
        made = true;
        textThere = (1L << PAGES) - 1;
        dataThere[0] = true;
        for (int page = 0; page < PAGES; page++) {
            map(TEXT + (long) page * PAGE_BYTES);
            map(DATA + (long) page * PAGE_BYTES);
        }
        for (int process = 1; process < processes.most(); process++) {
            if (processes.space(process).exists()) {
                linkInto(processes.space(process));
            }
        }
    }

    private void map(long gva) {
        PageTable table = first().table();
        if (table.translate(gva) == PageTable.UNMAPPED) {
            first().link(gva, PageSize.SIZE_4K);
            table.setLeaf(gva, PageSize.SIZE_4K, GuestEntry.leaf(frames.takeTable(), PageSize.SIZE_4K, flags));
        }
    }

    private AddressSpace first() {
        return processes.space(0);
    }

    /** Gives a new address space the entry that leads to the kernel, if there is one yet. */
    void linkInto(AddressSpace space) {
        if (made) {
            int top = space.table().levels();
            long entry = first().table().entry(BASE, top);
            space.table().link(BASE, top - 1, entry & GuestEntry.ADDRESS, true);
        }
    }

    void transfer(Snapshot snapshot) {
        made = snapshot.transfer(made);
        textThere = snapshot.transfer(textThere);
        transfer(snapshot, locksThere);
        transfer(snapshot, dataThere);
    }

    private static void transfer(Snapshot snapshot, boolean[] there) {
        for (int i = 0; i < there.length; i++) {
            there[i] = snapshot.transfer(there[i]);
        }
    }
}
