package hvsim.vmm.memory;

import hvsim.ept.EptEntry;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.tlb.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * What tables of a second stage say about an address.
 *
 * @param page address of the page in the next address space
 * @param rights of R, W and X: what the entries of all levels allow
 */
record EptMapping(long page, PageSize size, long rights) {

    /** Null if some level has no entry, or if together they allow nothing. */
    static @Nullable EptMapping of(PageTable table, long address) {
        long rights = EptEntry.RIGHTS;
        for (int level = table.levels(); level > 0; level--) {
            long entry = table.entry(address, level);
            rights &= entry;
            if (!EptEntry.isPresent(rights)) {
                return null;
            }
            if (EptEntry.isLeaf(entry, level)) {
                PageSize size = PageSize.byNumber(level - 1);
                return new EptMapping(GuestEntry.pageAddress(entry, size), size, rights);
            }
        }
        throw new IllegalStateException("a table of pages has entries for no pages");
    }

    /** Where an address of the page is in the next address space. */
    long translate(long address) {
        return page | address & size.bytes() - 1;
    }

    boolean allows(long access) {
        return (rights & access) == access;
    }
}
