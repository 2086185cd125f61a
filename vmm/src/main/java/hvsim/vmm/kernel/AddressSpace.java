package hvsim.vmm.kernel;

import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.TableLayout;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.MemoryTechnique;

/**
 * The tables of one process, and what it has mapped. Its pages are the program's to read and write. Of PAE paging all
 * entries of the root are there as long as it is, for the processor keeps them while it uses it.
 */
final class AddressSpace {
    static final long USED = GuestEntry.ACCESSED | GuestEntry.DIRTY;

    private static final long USER_PAGE = GuestEntry.USER | GuestEntry.WRITE;
    private static final int ADDRESS_BITS = 57;

    private final MemoryTechnique memory;
    private final GuestFrames frames;
    private final SpaceLayout layout;
    private final KernelTables tables;
    private final Areas[] areas;
    private long root = PageTable.UNMAPPED;

    /** Counts the changes that make cached translations wrong. */
    private long generation;

    AddressSpace(MemoryTechnique memory, GuestFrames frames, KernelTables tables, SpaceLayout layout, int vcpus) {
        this.memory = memory;
        this.frames = frames;
        this.tables = tables;
        this.layout = layout;
        this.areas = new Areas[vcpus];
        for (int vcpu = 0; vcpu < vcpus; vcpu++) {
            areas[vcpu] = new Areas(layout, vcpu, vcpus, frames.page().bytes());
        }
    }

    boolean exists() {
        return root != PageTable.UNMAPPED;
    }

    void create() {
        root = tables.takeRoot();
        generation++;
        PageTable table = table();
        for (long gva = 0;
                keepsRootEntries() && gva < layout.kernel();
                gva += table.layout().bytes(table.levels())) {
            table.link(gva, table.levels() - 1, tables.takeTable(), true);
        }
    }

    private boolean keepsRootEntries() {
        return table().layout() == TableLayout.PAE;
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
        link(gva, frames.page().leafLevel());
        long gpa = frames.takePage();
        setLeaf(gva, frames.page().leaf(gpa, USER_PAGE | flags));
        return gpa;
    }

    /** Makes the tables above a page; returns how many. */
    int link(long gva, int leafLevel) {
        PageTable table = table();
        int made = 0;
        for (int level = table.missingTable(gva, leafLevel); level != 0; level = table.missingTable(gva, leafLevel)) {
            table.link(gva, level, tables.takeTable(), true);
            made++;
        }
        return made;
    }

    /** The entry that maps the page of {@code gva}; 0 if there is none, or no program has pages there. */
    long leaf(long gva) {
        return gva < layout.userEnd() ? table().entry(gva, frames.page().leafLevel()) : 0;
    }

    void setLeaf(long gva, long entry) {
        table().setEntry(gva, frames.page().leafLevel(), entry);
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

    /** Goes through the program's pages in ascending order, and through each table that can go after what is in it. */
    void forEach(Visitor visitor) {
        visit(table(), table().levels(), 0, visitor);
    }

    private void visit(PageTable table, int level, long first, Visitor visitor) {
        boolean isRoot = level == table.levels();
        int shift = table.layout().shift(level);
        long[] entries = table.entries(first, level);
        for (int i = 0; i < entries.length; i++) {
            long gva = canonical(first | (long) i << shift, table);
            if (GuestEntry.isPresent(entries[i]) && !(isRoot && layout.isKernel(gva, shift))) {
                if (!isLeaf(level)) {
                    visit(table, level - 1, gva, visitor);
                }
                if (!(isRoot && keepsRootEntries())) {
                    visitor.visit(gva, level, entries[i]);
                }
            }
        }
    }

    /** The upper half of four-level addresses as programs have it: bits 56:48 are copies of bit 47. */
    private static long canonical(long gva, PageTable table) {
        if (!table.layout().isLong()) {
            return gva;
        }
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
        PageTable table = table();
        long step = table.layout().bytes(table.levels());
        for (long gva = 0; keepsRootEntries() && gva < layout.kernel(); gva += step) {
            frames.giveTable(table.tableAddress(gva, table.levels() - 1));
            table.setEntry(gva, table.levels(), 0);
        }
        for (long gva = layout.kernel(); gva < layout.kernel() + layout.kernelBytes(); gva += step) {
            table.setEntry(gva, table.levels(), 0);
        }
        tables.giveRoot(root);
        root = PageTable.UNMAPPED;
        generation++;
    }

    /** Has the entries of the root table that lead to the kernel, as another one has them. */
    void shareKernel(AddressSpace other) {
        PageTable from = other.table();
        PageTable to = table();
        long step = from.layout().bytes(from.levels());
        for (long gva = layout.kernel(); gva < layout.kernel() + layout.kernelBytes(); gva += step) {
            to.setEntry(gva, to.levels(), from.entry(gva, from.levels()));
        }
    }

    void transfer(Snapshot snapshot) {
        root = snapshot.transfer(root);
        generation = snapshot.transfer(generation);
        for (Areas each : areas) {
            each.transfer(snapshot);
        }
    }
}
