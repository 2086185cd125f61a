package hvsim.vmm.memory.shadow;

import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.tlb.PageSize;
import hvsim.vmm.memory.MemoryMap;
import java.util.List;

/**
 * The guest writes tables that are kept in step, and their shadows follow.
 *
 * <pre>
 *   new entry of level 1    not present, not accessed, or nothing there    the shadow's goes
 *                           a page in the guest's memory                   the shadow has it at once: no fault will ask for it
 *   of a level above        any                                            the shadow's goes, and what only it leads to
 * </pre>
 *
 * That a page is had at once: Adams and Agesen, A Comparison of Software and Hardware Techniques for x86 Virtualization
 * (ASPLOS 2006), section 7.2.
 */
final class WrittenTables {
    private static final int FRAME_SHIFT = PageSize.SIZE_4K.shift();
    private static final int ENTRY_BYTES = 8;

    /** Execution, protection keys, and what is reserved: entries that have some of it wait for the fault that looks at it. */
    private static final int PLAIN_BITS = 52;

    /** Writes after which a table is taken for something else now, as Linux's KVM does (detect_write_flooding). */
    private static final int FLOOD = 3;

    private final MemoryMap map;
    private final GuestTables guest;
    private final ShadowTables tables;
    private final Shadowing shadowing;
    private final ShadowWork work;

    WrittenTables(MemoryMap map, GuestTables guest, ShadowTables tables, Shadowing shadowing, ShadowWork work) {
        this.map = map;
        this.guest = guest;
        this.tables = tables;
        this.shadowing = shadowing;
        this.work = work;
    }

    /** The guest has written into a frame; a table that is written again and again is none any more. */
    void follow(long gpa, int bytes) {
        for (ShadowPage page : tables.of(gpa >>> FRAME_SHIFT)) {
            boolean isNoTableNow = page.countWrite() >= FLOOD && page.level() > 1 || bytes > ENTRY_BYTES;
            if (isNoTableNow && !page.isInUse()) {
                tables.dropIfThere(page);
            } else if (tables.isThere(page)) {
                followEntries(page, gpa, bytes);
            }
        }
    }

    /** The same, if it takes no more than changes of entries; else nothing. */
    TableWrite followInLine(long gpa, int bytes) {
        TableWrite write = of(gpa, bytes);
        if (write != TableWrite.CHANGES_MORE) {
            tables.of(gpa >>> FRAME_SHIFT).forEach(page -> followEntries(page, gpa, bytes));
        }
        return write;
    }

    private TableWrite of(long gpa, int bytes) {
        long gfn = gpa >>> FRAME_SHIFT;
        if (!tables.isProtected(gfn)) {
            return TableWrite.NONE;
        }
        List<ShadowPage> pages = tables.of(gfn);
        if (bytes > ENTRY_BYTES || tables.isWatched(gfn) || pages.stream().anyMatch(page -> page.level() > 1)) {
            return TableWrite.CHANGES_MORE;
        }
        TableWrite write = TableWrite.EMPTIES;
        for (ShadowPage page : pages) {
            for (int i = first(page, gpa); i <= last(page, gpa, bytes); i++) {
                write = write.and(of(page, i));
            }
        }
        return write;
    }

    private TableWrite of(ShadowPage page, int index) {
        long entry = guest.entry(page, index);
        if (!hasPage(entry)) {
            return TableWrite.EMPTIES;
        }
        boolean isSame = GuestEntry.isPresent(tables.read(page, index))
                && (entry & GuestEntry.ADDRESS) >>> FRAME_SHIFT == page.gfn(index);
        return isSame ? TableWrite.KEEPS_PAGE : TableWrite.CHANGES_MORE;
    }

    private void followEntries(ShadowPage page, long gpa, int bytes) {
        for (int i = first(page, gpa); i <= last(page, gpa, bytes); i++) {
            long entry = page.level() > 1 ? 0 : entry(page, i);
            if (hasPage(entry)) {
                long rights =
                        Rights.ofPage(page.key().rights(), entry, page.key().view());
                shadowing.map(page, i, entry & GuestEntry.ADDRESS, rights);
            } else {
                tables.empty(page, i);
            }
        }
    }

    private long entry(ShadowPage page, int index) {
        work.reads(1);
        return guest.entry(page, index);
    }

    /** Whether an entry of a table of pages, were it used now, would lead to memory that the guest has been given. */
    private boolean hasPage(long entry) {
        long gpa = entry & GuestEntry.ADDRESS;
        return GuestEntry.isPresent(entry)
                && (entry & GuestEntry.ACCESSED) != 0
                && entry >>> PLAIN_BITS == 0
                && map.has(gpa)
                && map.table().translate(gpa) != PageTable.UNMAPPED;
    }

    private int first(ShadowPage page, long gpa) {
        return Math.max(0, guest.firstIndex(page, offset(gpa)));
    }

    private int last(ShadowPage page, long gpa, int bytes) {
        int last = guest.firstIndex(page, offset(gpa) + bytes - 1) + guest.entriesForOne(page.level()) - 1;
        return Math.min(last, ShadowPage.ENTRIES - 1);
    }

    private static int offset(long gpa) {
        return (int) (gpa & PageSize.SIZE_4K.bytes() - 1);
    }
}
