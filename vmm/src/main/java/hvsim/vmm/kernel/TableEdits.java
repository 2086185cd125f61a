package hvsim.vmm.kernel;

import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;

/** Changes of tables, made at once, and the code that stands for them. */
final class TableEdits {
    private final GuestFrames frames;
    private final KernelImage image;

    TableEdits(GuestFrames frames, KernelImage image) {
        this.frames = frames;
        this.image = image;
    }

    /** A new page, zeroed. */
    void map(AddressSpace space, long gva, KernelCode code) {
        link(space, gva, code);
        long gpa = space.map(gva, 0);
        code.writeEntry(space.entryAddress(gva)).clear(gpa, frames.page());
    }

    /** The tables above a page: each is zeroed, and linked in. */
    private void link(AddressSpace space, long gva, KernelCode code) {
        int made = space.link(gva, frames.page().leafLevel());
        PageTable table = space.table();
        for (int level = frames.page().leafLevel() + made - 1;
                level >= frames.page().leafLevel();
                level--) {
            code.newTable(table.tableAddress(gva, level));
            code.writeEntry(table.entryAddress(gva, level + 1));
        }
    }

    /** The page is gone; its frame is given back when its translations are. */
    void unmap(AddressSpace space, long gva, Flush flush, KernelCode code) {
        long entry = space.leaf(gva);
        if (isPage(entry)) {
            long at = space.entryAddress(gva);
            space.setLeaf(gva, 0);
            code.readEntry(at).writeEntry(at);
            flush.addPage(gva);
            flush.releasePage(frames.page().address(entry));
        }
    }

    void protect(AddressSpace space, long gva, Flush flush, KernelCode code) {
        long entry = space.leaf(gva);
        if (isPage(entry) && (entry & GuestEntry.WRITE) != 0) {
            space.setLeaf(gva, entry & ~GuestEntry.WRITE);
            code.readEntry(space.entryAddress(gva)).writeEntry(space.entryAddress(gva));
            flush.addPage(gva);
        }
    }

    private static boolean isPage(long entry) {
        return GuestEntry.isPresent(entry) && (entry & GuestEntry.USER) != 0;
    }

    /** The last user of a page, or the only one ever, may write it again. */
    void allowWrites(AddressSpace space, long gva, KernelCode code) {
        space.setLeaf(gva, space.leaf(gva) | GuestEntry.WRITE);
        code.writeEntry(space.entryAddress(gva));
    }

    /** A page that others use too becomes a copy of its own. */
    void copyPage(AddressSpace space, long gva, Flush flush, KernelCode code) {
        long entry = space.leaf(gva);
        long shared = frames.page().address(entry);
        long own = frames.takePage();
        space.setLeaf(gva, entry & ~GuestEntry.ADDRESS | own | GuestEntry.WRITE);
        code.copy(shared, own, frames.page()).writeEntry(space.entryAddress(gva));
        flush.addPage(gva);
        flush.releasePage(shared);
    }

    /** The child gets the same pages; neither may write them. What the parent could write before is to be flushed. */
    void fork(AddressSpace parent, AddressSpace child, Flush flush, KernelCode code) {
        child.create();
        image.linkInto(child);
        code.newRoot(child.root());
        parent.forEach((gva, level, entry) -> {
            if (parent.isLeaf(level)) {
                share(parent, child, gva, entry, flush, code);
            }
        });
    }

    private void share(AddressSpace parent, AddressSpace child, long gva, long entry, Flush flush, KernelCode code) {
        link(child, gva, code);
        child.setLeaf(gva, entry & ~(GuestEntry.WRITE | AddressSpace.USED));
        frames.share(frames.page().address(entry));
        code.readEntry(parent.entryAddress(gva));
        if ((entry & GuestEntry.WRITE) != 0) {
            parent.setLeaf(gva, entry & ~GuestEntry.WRITE);
            code.writeEntry(parent.entryAddress(gva));
            flush.addPage(gva);
        }
        code.writeEntry(child.entryAddress(gva));
    }

    /** All pages and tables of the program go, but for the root table. */
    void empty(AddressSpace space, Flush flush, KernelCode code) {
        space.forEach((gva, level, entry) -> {
            long at = space.table().entryAddress(gva, level);
            space.table().setEntry(gva, level, 0);
            code.readEntry(at).writeEntry(at);
            if (space.isLeaf(level)) {
                flush.addPage(gva);
                flush.releasePage(frames.page().address(entry));
            } else {
                flush.releaseTable(entry & GuestEntry.ADDRESS);
                code.oldTable(entry & GuestEntry.ADDRESS);
            }
        });
        space.forgetAreas();
    }
}
