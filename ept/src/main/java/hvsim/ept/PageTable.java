package hvsim.ept;

import hvsim.tlb.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * A four-level table as software sees it: what a kernel or hypervisor reads and edits, with no reference
 * counted and no flag set. The guest's tables name guest-physical addresses, so they are reached through
 * the table of the second stage, if there is one.
 */
public final class PageTable {
    public static final int LEVELS = 4;

    /** Of any kind of table. */
    static final int MAX_LEVELS = 5;

    /** In place of an address: not mapped. */
    public static final long UNMAPPED = -1;

    private final PhysicalMemory memory;
    private final boolean ept;
    private final long root;
    private final @Nullable PageTable secondStage;

    private PageTable(PhysicalMemory memory, boolean ept, long root, @Nullable PageTable secondStage) {
        this.memory = memory;
        this.ept = ept;
        this.root = root;
        this.secondStage = secondStage;
    }

    /** Tables that name machine addresses: a native kernel's or the hypervisor's own. */
    public static PageTable ofMachine(PhysicalMemory memory, long rootHpa) {
        return new PageTable(memory, false, rootHpa, null);
    }

    /** A guest's tables behind a second stage. */
    public static PageTable ofGuest(PhysicalMemory memory, long rootGpa, PageTable secondStage) {
        return new PageTable(memory, false, rootGpa, secondStage);
    }

    /** Extended page tables. */
    public static PageTable ofSecondStage(PhysicalMemory memory, long rootHpa) {
        return new PageTable(memory, true, rootHpa, null);
    }

    public long root() {
        return root;
    }

    /** Shift of the address bits that index a table of {@code level}; 1 is the table of 4 KiB pages. */
    public static int shift(int level) {
        return 12 + 9 * (level - 1);
    }

    static long entryOffset(long address, int level) {
        return (address >>> shift(level) & 511) << 3;
    }

    /**
     * The level, from 3 down, of the first table that has to be made before {@code address} can be mapped
     * with a page of {@code size}; 0 if none is missing.
     */
    public int missingTable(long address, PageSize size) {
        for (int level = LEVELS, leaf = size.leafLevel(); level > leaf; level--) {
            if (!isPresent(memory.read(entryHpa(address, level)))) {
                return level - 1;
            }
        }
        return 0;
    }

    /** Links a new, empty table of {@code level} in. */
    public void link(long address, int level, long tableAddress, boolean accessed) {
        memory.write(
                entryHpa(address, level + 1),
                ept ? EptEntry.table(tableAddress) : GuestEntry.table(tableAddress, accessed));
    }

    /** Writes the entry that maps the page of {@code address}; the tables above it must be there. */
    public void setLeaf(long address, PageSize size, long entry) {
        memory.write(entryHpa(address, size.leafLevel()), entry);
    }

    /** The entry of {@code level} for {@code address}; 0 where a table above is missing. */
    public long entry(long address, int level) {
        long hpa = entryHpa(address, level);
        return hpa == UNMAPPED ? 0 : memory.read(hpa);
    }

    /** What {@code address} translates to in the next address space, or {@link #UNMAPPED}. */
    public long translate(long address) {
        for (int level = LEVELS; level > 0; level--) {
            long entry = entry(address, level);
            if (!isPresent(entry)) {
                return UNMAPPED;
            }
            if (EptEntry.isLeaf(entry, level)) {
                PageSize size = PageSize.byNumber(level - 1);
                return GuestEntry.pageAddress(entry, size) | address & size.bytes() - 1;
            }
        }
        return UNMAPPED;
    }

    /** Machine address of the entry of {@code level}, or {@link #UNMAPPED} where a table above is missing. */
    public long entryHpa(long address, int level) {
        long table = tableAddress(address, level);
        if (table == UNMAPPED) {
            return UNMAPPED;
        }
        long entryAddress = table + entryOffset(address, level);
        return secondStage == null ? entryAddress : secondStage.translate(entryAddress);
    }

    /** Address, in the tables' own address space, of the table of {@code level}, or {@link #UNMAPPED}. */
    public long tableAddress(long address, int level) {
        if (level == LEVELS) {
            return root;
        }
        long above = entry(address, level + 1);
        return isPresent(above) && !EptEntry.isLeaf(above, level + 1) ? above & GuestEntry.ADDRESS : UNMAPPED;
    }

    private boolean isPresent(long entry) {
        return ept ? EptEntry.isPresent(entry) : GuestEntry.isPresent(entry);
    }
}
