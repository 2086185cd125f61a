package hvsim.vmm.memory.shadow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.GuestPage;
import hvsim.ept.TableLayout;
import java.util.List;

/**
 * What each entry of the shadow tables maps and allows. One in step: the frame that the guest's entry and the map of memory
 * give, and no more rights; writable only if the guest's dirty flag is set and the page holds no protected table. One out
 * of step: what would have been right at some time since all translations had to go. Small pages that stand for a large
 * one of the guest's go by its entry.
 */
final class ShadowEntryLaw {
    private final ShadowedGuest guest;
    private final ShadowTables tables;

    ShadowEntryLaw(ShadowedGuest guest) {
        this.guest = guest;
        this.tables = guest.shadow.tables();
    }

    /** Over all entries of all shadow tables. */
    void check() {
        for (ShadowPage page : tables.all()) {
            for (int i = 0; i < ShadowPage.ENTRIES; i++) {
                check(page, i, tables.read(page, i));
            }
        }
    }

    private void check(ShadowPage page, int index, long entry) {
        boolean isLeaf = ShadowTables.isLeaf(page, entry);
        if (isLeaf) {
            checkFrame(page, index, entry);
        }
        if (page.key().split() || !GuestEntry.isPresent(entry)) {
            return;
        }
        if (isLeaf) {
            checkLeaf(page, index, entry);
        } else if (tables.at(entry & GuestEntry.ADDRESS).key().split()) {
            checkSplit(tables.at(entry & GuestEntry.ADDRESS), guest.read(addressOf(page, index)), page.level());
        }
    }

    private void checkFrame(ShadowPage page, int index, long entry) {
        long count = 1L << 9 * (page.level() - 1);
        if ((entry & GuestEntry.WRITE) != 0) {
            if (count > 1) {
                assertFalse(tables.hasSpecialIn(page.gfn(index), count), "a large writable page holds a table");
            } else {
                assertFalse(tables.isProtected(page.gfn(index)), "a table in step can be written");
            }
        }
        assertEquals(guest.map.table().translate(page.gfn(index) << 12), entry & GuestEntry.ADDRESS);
    }

    private void checkLeaf(ShadowPage page, int index, long entry) {
        long at = addressOf(page, index);
        List<Long> now = List.of(guest.read(at));
        List<Long> values = page.isOutOfSync() ? guest.recent.getOrDefault(at, now) : now;
        boolean held = values.stream().anyMatch(value -> isNoMoreThan(page, index, entry, value))
                || isNoMoreThan(page, index, entry, guest.read(at));
        assertTrue(
                held,
                () -> page.key() + " entry " + index + ": shadow " + Long.toHexString(entry) + ", guest "
                        + Long.toHexString(guest.read(at)));
    }

    /** Where the guest's entry is: a table of 1,024 has two shadow tables of pages, and four of directories. */
    private long addressOf(ShadowPage page, int index) {
        long table = page.key().gfn() << 12;
        if (guest.layout != TableLayout.TWO_LEVEL) {
            return table + 8L * index;
        }
        int part = page.key().part();
        return table + 4L * (page.level() == 1 ? 512 * part + index : 256 * part + index / 2);
    }

    private boolean isNoMoreThan(ShadowPage page, int index, long entry, long guests) {
        GuestPage size = page.level() == 1 ? GuestPage.KIB_4 : guest.large;
        long half = size == GuestPage.MIB_4 ? (index & 1) << 9 : 0;
        boolean sameFrame = GuestEntry.isPresent(guests)
                && GuestEntry.isLeaf(guests, page.level())
                && (size.address(guests) >>> 12) + half == page.gfn(index);
        return sameFrame && allowsNoMoreThan(entry, guests);
    }

    private boolean allowsNoMoreThan(long entry, long guests) {
        boolean kernelWrites = (guest.cr0 & Registers.CR0_WP) == 0 && (entry & GuestEntry.USER) == 0;
        boolean mayWrite = (guests & GuestEntry.DIRTY) != 0 && ((guests & GuestEntry.WRITE) != 0 || kernelWrites);
        boolean write = (entry & GuestEntry.WRITE) == 0 || mayWrite;
        boolean user = (entry & GuestEntry.USER) == 0 || (guests & GuestEntry.USER) != 0;
        boolean execute = (entry & ShadowedGuest.NO_EXECUTE) != 0 || (guests & ShadowedGuest.NO_EXECUTE) == 0;
        return write && user && execute;
    }

    /** @param guests the entry of its large page, at that level */
    private void checkSplit(ShadowPage page, long guests, int level) {
        assertTrue(GuestEntry.isPresent(guests) && GuestEntry.isLeaf(guests, level), "no large page is split");
        long first = guest.large.address(guests) >>> 12;
        for (int i = 0; i < ShadowPage.ENTRIES; i++) {
            long entry = tables.read(page, i);
            if (GuestEntry.isPresent(entry)) {
                assertTrue(page.gfn(i) >= first && page.gfn(i) < first + (guest.large.bytes() >>> 12));
                assertTrue(allowsNoMoreThan(entry, guests), () -> page.key() + ": " + Long.toHexString(entry));
            }
        }
    }
}
