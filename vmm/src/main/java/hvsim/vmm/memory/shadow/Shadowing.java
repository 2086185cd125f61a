package hvsim.vmm.memory.shadow;

import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.tlb.PageSize;
import hvsim.vmm.memory.MemoryMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes shadow tables from the guest's, entry by entry as they are needed, and keeps them in step with what the guest
 * writes.
 *
 * <pre>
 *   guest:    CR3 -> table, level 4 -> level 3 -> level 2 -> level 1 -> gpa      gpa --map--> hpa
 *   shadow:   CR3'-> table          ->         ->         ->         -> hpa      entries name machine addresses
 *
 *   in step      the guest must not write the table: each write faults, and is emulated
 *   out of sync  tables of level 1 alone: written freely, looked through when the guest drops translations
 * </pre>
 *
 * Where the guest's page is larger than what the map or a protected table within it allows, split tables stand for it.
 */
final class Shadowing {
    private static final int FRAME_SHIFT = PageSize.SIZE_4K.shift();

    private final MemoryMap map;
    private final GuestTables guest;
    private final ShadowTables tables;
    private final ShadowWork work;

    Shadowing(MemoryMap map, GuestTables guest, ShadowTables tables, ShadowWork work) {
        this.map = map;
        this.guest = guest;
        this.tables = tables;
        this.work = work;
    }

    /** Root tables, of which null is none. */
    @Nullable
    ShadowPage[] roots(ShadowPage.@Nullable Key[] keys) {
        tables.makeRoomFor(keys.length);
        @Nullable ShadowPage[] roots = new ShadowPage[keys.length];
        for (int i = 0; i < keys.length; i++) {
            ShadowPage.Key key = keys[i];
            roots[i] = key == null ? null : tableFor(key);
        }
        return roots;
    }

    private ShadowPage tableFor(ShadowPage.Key key) {
        ShadowPage found = tables.find(key);
        if (found != null) {
            found.forgetWrites();
            return found;
        }
        if (!key.split()) {
            tables.of(key.gfn()).stream().filter(ShadowPage::isOutOfSync).forEach(this::sync);
        }
        ShadowPage made = tables.create(key);
        if (!key.split()) {
            tables.protect(key.gfn());
        }
        return made;
    }

    /**
     * Maps the page of an address as the guest's tables do, which translate it.
     *
     * @param root of those tables that have the address
     * @param kernelWrites whether the kernel may write a page that its tables do not let it write
     */
    void fill(ShadowPage root, long gva, boolean kernelWrites) {
        tables.makeRoomFor(root.level());
        if (root.key().split()) {
            mapPage(root, gva, root.level() + 1, gva, root.key().rights());
            return;
        }
        View view = root.key().view();
        ShadowPage at = root;
        long rights = Rights.ALL;
        int level = root.level();
        long entry = guest.entry(at.key().gfn(), level, gva);
        while (!GuestEntry.isLeaf(entry, level)) {
            rights = Rights.below(rights, entry);
            long gfn = (entry & GuestEntry.ADDRESS) >>> FRAME_SHIFT;
            level--;
            int part = guest.partOf(gva, level);
            at = descend(at, gva, new ShadowPage.Key(gfn, level, rights, false, part, view));
            entry = guest.entry(gfn, level, gva);
        }
        mapPage(at, gva, level, guest.address(entry, level, gva), rightsOfPage(rights, entry, view, kernelWrites));
    }

    /** Maps what a table has, whose pages the guest has by leaves of {@code guestLevel}. */
    private void mapPage(ShadowPage table, long gva, int guestLevel, long gpa, long rights) {
        ShadowPage at = table;
        for (int leaf = leafLevel(gpa, guestLevel), level = table.level(); level > leaf; level--) {
            long first = (gpa & -PageSize.byNumber(level - 1).bytes()) >>> FRAME_SHIFT;
            at = descend(
                    at,
                    gva,
                    new ShadowPage.Key(
                            first, level - 1, rights, true, 0, table.key().view()));
        }
        map(at, index(gva, at.level()), gpa, rights);
    }

    private static long rightsOfPage(long rights, long entry, View view, boolean kernelWrites) {
        long asTheyAre = Rights.ofPage(rights, entry, view);
        long seen = view == View.KERNEL_AT_USER_LEVEL ? GuestEntry.USER : 0;
        return kernelWrites ? asTheyAre & ~GuestEntry.USER | seen | GuestEntry.WRITE : asTheyAre;
    }

    private ShadowPage descend(ShadowPage page, long gva, ShadowPage.Key key) {
        ShadowPage child = tableFor(key);
        tables.link(page, index(gva, page.level()), child);
        return child;
    }

    private static int index(long gva, int level) {
        return (int) (gva >>> PageTable.shift(level)) & ShadowPage.ENTRIES - 1;
    }

    /** How large a page can be mapped at once: the guest's, or smaller. */
    private int leafLevel(long gpa, int guestLevel) {
        int level = Math.min(guestLevel, map.pageAt(gpa).leafLevel());
        while (level > 1 && holdsSpecial(gpa, PageSize.byNumber(level - 1))) {
            level--;
        }
        return level;
    }

    private boolean holdsSpecial(long gpa, PageSize size) {
        return tables.hasSpecialIn((gpa & -size.bytes()) >>> FRAME_SHIFT, size.bytes() >>> FRAME_SHIFT);
    }

    /** The page becomes what an entry maps. */
    void map(ShadowPage page, int index, long gpa, long rights) {
        PageSize size = PageSize.byNumber(page.level() - 1);
        long first = gpa & -size.bytes();
        tables.map(page, index, first >>> FRAME_SHIFT, leaf(first, size, rights));
    }

    private long leaf(long gpa, PageSize size, long rights) {
        map.back(gpa);
        long seen = size == PageSize.SIZE_4K && tables.isProtected(gpa >>> FRAME_SHIFT)
                ? rights & ~GuestEntry.WRITE
                : rights;
        long dirty = Rights.canWrite(seen) ? GuestEntry.DIRTY : 0;
        return GuestEntry.leaf(map.table().translate(gpa), size, seen | GuestEntry.ACCESSED | dirty);
    }

    /** Whether the tables in a frame can be left to the guest for a while: all are tables of pages. */
    boolean canLeaveSync(long gfn) {
        return tables.of(gfn).stream().allMatch(page -> page.level() == 1);
    }

    void leaveSync(long gfn) {
        for (ShadowPage page : tables.of(gfn)) {
            if (!page.isOutOfSync()) {
                page.setOutOfSync(true);
                work.leftOutOfSync();
            }
        }
    }

    /** All tables that the guest wrote freely are brought in step. */
    void syncAll() {
        for (ShadowPage page : tables.outOfSync()) {
            sync(page);
        }
    }

    private void sync(ShadowPage page) {
        for (int i = 0; i < ShadowPage.ENTRIES; i++) {
            syncEntry(page, i);
        }
        page.setOutOfSync(false);
        work.synced();
        tables.protect(page.key().gfn());
    }

    /** The entry that maps an address, if it maps a small page, becomes what the guest's table says now. */
    void syncAddress(ShadowPage root, long gva) {
        ShadowPage page = root;
        for (int level = page.level(); level > 1; level--) {
            long entry = tables.read(page, index(gva, level));
            boolean leadsOn = GuestEntry.isPresent(entry) && !GuestEntry.isLeaf(entry, level);
            if (!leadsOn || tables.isResident(page, index(gva, level))) {
                return;
            }
            page = tables.at(entry & GuestEntry.ADDRESS);
        }
        if (!page.key().split()) {
            syncEntry(page, index(gva, 1));
        }
    }

    private void syncEntry(ShadowPage page, int index) {
        if (!GuestEntry.isPresent(tables.read(page, index))) {
            return;
        }
        work.reads(1);
        long entry = guest.entry(page, index);
        boolean usable = GuestEntry.isPresent(entry) && (entry & GuestEntry.ACCESSED) != 0;
        if (usable && (entry & GuestEntry.ADDRESS) >>> FRAME_SHIFT == page.gfn(index)) {
            map(
                    page,
                    index,
                    entry & GuestEntry.ADDRESS,
                    Rights.ofPage(page.key().rights(), entry, page.key().view()));
        } else {
            tables.empty(page, index);
        }
    }
}
