package hvsim.vmm;

import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;

/**
 * Where a guest's kernel lives in each of its processes: supervisor, global pages in the upper half, under one
 * entry of every root table.
 *
 * <pre>
 *   text    16 pages of code            data    16 pages: task structures, stacks, tables of files
 *   direct  all guest-physical memory at one offset, 2 MiB pages
 * </pre>
 *
 * It is made, free of charge, when the kernel first runs; a guest that never enters its kernel has none.
 */
final class KernelImage {
    private static final long UPPER_HALF = GuestOp.GVA_MASK & -1L << 47;
    private static final long TEXT = UPPER_HALF;
    private static final long DATA = UPPER_HALF + (1L << 30);
    private static final long DIRECT = UPPER_HALF + (1L << 38);
    private static final int PAGES = 16;
    private static final int PAGE_BYTES = 4096;
    private static final long SHARED = GuestEntry.GLOBAL | GuestEntry.ACCESSED | GuestEntry.DIRTY | GuestEntry.WRITE;

    private final GuestKernel kernel;
    private boolean made;

    KernelImage(GuestKernel kernel) {
        this.kernel = kernel;
    }

    /** What the kernel does, and the pages of text and data that it goes through: (assumed) short paths. */
    enum Path {
        PAGE_FAULT(0, 5, 4),
        PROCESS_SWITCH(5, 4, 5),
        EXCEPTION(9, 2, 2);

        private final int firstPage;
        private final int textPages;
        private final int dataPages;

        Path(int firstPage, int textPages, int dataPages) {
            this.firstPage = firstPage;
            this.textPages = textPages;
            this.dataPages = dataPages;
        }
    }

    /** Adds the fetches and references of a path to a program. */
    void enter(Program program, Path path) {
        make();
        for (int page = 0; page < path.textPages; page++) {
            long at = (long) (path.firstPage + page) * PAGE_BYTES;
            for (int line = 0; line < 4; line++) {
                program.add(GuestOp.memory(GuestOp.FETCH, TEXT + at + 64L * line, 16));
            }
        }
        for (int page = 0; page < path.dataPages; page++) {
            long at = (long) (path.firstPage + page) * PAGE_BYTES;
            program.add(GuestOp.memory(GuestOp.READ, DATA + at, 8));
            program.add(GuestOp.memory(GuestOp.WRITE, DATA + at + 64, 8));
        }
    }

    /** Address at which the kernel sees a guest-physical address. */
    long direct(long gpa) {
        make();
        long gva = DIRECT + gpa;
        PageTable table = kernel.tableOf(0);
        if (table.translate(gva) == PageTable.UNMAPPED) {
            kernel.link(table, gva, PageSize.SIZE_2M);
            long page = gpa & -PageSize.SIZE_2M.bytes();
            table.setLeaf(gva, PageSize.SIZE_2M, GuestEntry.leaf(page, PageSize.SIZE_2M, SHARED));
            shareWithAll();
        }
        return gva;
    }

    private void make() {
        if (made) {
            return;
        }
        made = true;
        PageTable table = kernel.tableOf(0);
        for (int page = 0; page < PAGES; page++) {
            map(table, TEXT + (long) page * PAGE_BYTES);
            map(table, DATA + (long) page * PAGE_BYTES);
        }
        shareWithAll();
    }

    private void map(PageTable table, long gva) {
        kernel.link(table, gva, PageSize.SIZE_4K);
        table.setLeaf(gva, PageSize.SIZE_4K, GuestEntry.leaf(kernel.newTable(), PageSize.SIZE_4K, SHARED));
    }

    private void shareWithAll() {
        for (int process = 1; process < kernel.processes(); process++) {
            if (kernel.hasTable(process)) {
                linkInto(kernel.tableOf(process));
            }
        }
    }

    /** Gives a root table the entry that leads to the kernel, if there is one yet. */
    void linkInto(PageTable table) {
        if (made) {
            int top = table.levels();
            long entry = kernel.tableOf(0).entry(UPPER_HALF, top);
            table.link(UPPER_HALF, top - 1, entry & GuestEntry.ADDRESS, true);
        }
    }

    void transfer(Snapshot snapshot) {
        made = snapshot.transfer(made);
    }
}
