package hvsim.vmm.kernel;

import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.MemoryTechnique;

/** The tables of one process, and what it has mapped. Its pages are the program's to read and write. */
final class AddressSpace {
    static final long USED = GuestEntry.ACCESSED | GuestEntry.DIRTY;

    private static final long USER_PAGE = GuestEntry.USER | GuestEntry.WRITE;
    private static final int ADDRESS_BITS = 57;

    private final MemoryTechnique memory;
    private final GuestFrames frames;
    private final Areas[] areas;
    private long root = PageTable.UNMAPPED;

    /** Counts the changes that make cached translations wrong. */
    private long generation;

    AddressSpace(MemoryTechnique memory, GuestFrames frames, int vcpus) {
        this.memory = memory;
        this.frames = frames;
        this.areas = new Areas[vcpus];
        for (int vcpu = 0; vcpu < vcpus; vcpu++) {
            areas[vcpu] = new Areas(vcpu, frames.page().bytes());
        }
    }

    boolean exists() {
        return root != PageTable.UNMAPPED;
    }

    void create() {
        root = frames.takeTable();
        generation++;
    }

    long root() {
        return root;
    }

    PageTable table() {
        return memory.guestTable(root);
    }

    Areas areas(int vcpu) {
        return areas[vcpu];
    }

    long generation() {
        return generation;
    }

    /** Translations that were made before are wrong from now on. */
    void change() {
        generation++;
    }

    /** Maps the page of {@code gva} to a new frame, unless it is mapped; the code then writes the entry. */
    long map(long gva, long flags) {
        PageTable table = table();
        long mapped = table.translate(gva);
        if (mapped != PageTable.UNMAPPED) {
            return mapped & -frames.page().bytes();
        }
        link(gva, frames.page());
        long gpa = frames.takePage();
        table.setLeaf(gva, frames.page(), GuestEntry.leaf(gpa, frames.page(), USER_PAGE | flags));
        return gpa;
    }

    /** Makes the tables above a page; returns how many. */
    int link(long gva, PageSize page) {
        PageTable table = table();
        int made = 0;
        for (int level = table.missingTable(gva, page); level != 0; level = table.missingTable(gva, page)) {
            table.link(gva, level, frames.takeTable(), true);
            made++;
        }
        return made;
    }

    /** The entry that maps the page of {@code gva}; 0 if there is none. */
    long leaf(long gva) {
        return table().entry(gva, frames.page().leafLevel());
    }

    void setLeaf(long gva, long entry) {
        table().setLeaf(gva, frames.page(), entry);
    }

    /** Guest-physical address of the entry that maps the page of {@code gva}. */
    long entryAddress(long gva) {
        return table().entryAddress(gva, frames.page().leafLevel());
    }

    /** A page of the program, or a table of the address space, while all are gone through. */
    interface Visitor {
        /** @param level of the table that the entry is in */
        void visit(long gva, int level, long entry);
    }

    /** Goes through the program's pages in ascending order, and through each table after what is in it. */
    void forEach(Visitor visitor) {
        visit(table(), table().levels(), 0, visitor);
    }

    private void visit(PageTable table, int level, long first, Visitor visitor) {
        long[] entries = table.entries(first, level);
        for (int i = 0; i < entries.length; i++) {
            long gva = canonical(first | (long) i << PageTable.shift(level), table);
            if (GuestEntry.isPresent(entries[i]) && !isKernel(gva, level)) {
                if (!isLeaf(level)) {
                    visit(table, level - 1, gva, visitor);
                }
                visitor.visit(gva, level, entries[i]);
            }
        }
    }

    /** Whether it is the one entry of the root table that leads to the kernel. */
    private boolean isKernel(long gva, int level) {
        int shift = PageTable.shift(level);
        return level == table().levels() && gva >>> shift == KernelImage.BASE >>> shift;
    }

    /** The upper half of four-level addresses as programs have it: bits 56:48 are copies of bit 47. */
    private static long canonical(long gva, PageTable table) {
        int unused = Long.SIZE - PageTable.shift(table.levels() + 1);
        return gva << unused >> unused & (1L << ADDRESS_BITS) - 1;
    }

    boolean isLeaf(int level) {
        return level == frames.page().leafLevel();
    }

    /** Nothing is mapped any more. */
    void forgetAreas() {
        for (Areas each : areas) {
            each.clear();
        }
    }

    /** Gives the root table back, the last of all; whatever comes here next must not use what is cached. */
    void end() {
        table().setEntry(KernelImage.BASE, table().levels(), 0);
        frames.giveTable(root);
        root = PageTable.UNMAPPED;
        generation++;
    }

    void transfer(Snapshot snapshot) {
        root = snapshot.transfer(root);
        generation = snapshot.transfer(generation);
        for (Areas each : areas) {
            each.transfer(snapshot);
        }
    }
}
