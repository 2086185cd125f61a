package hvsim.ept;

import hvsim.tlb.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * Tables of four or five levels as software sees them: what a kernel or hypervisor reads and edits, with no reference
 * counted and no flag set. The guest's tables name guest-physical addresses, so they are reached through
 * the table of the second stage, if there is one.
 */
public final class PageTable {
    public static final int LEVELS = 4;

    /** Of a table. */
    public static final int ENTRIES = 512;

    /** Of any kind of table. */
    static final int MAX_LEVELS = 5;

    /** In place of an address: not mapped. */
    public static final long UNMAPPED = -1;

    private final PhysicalMemory memory;
    private final boolean ept;
    private final long root;
    private final int levels;
    private final @Nullable PageTable secondStage;

    private PageTable(PhysicalMemory memory, boolean ept, long root, int levels, @Nullable PageTable secondStage) {
        this.memory = memory;
        this.ept = ept;
        this.root = root;
        this.levels = levels;
        this.secondStage = secondStage;
    }

    /** Tables that name machine addresses: a native kernel's or the hypervisor's own. */
    public static PageTable ofMachine(PhysicalMemory memory, long rootHpa) {
        return ofMachine(memory, rootHpa, LEVELS);
    }

    /** The same with 4 or 5 levels. */
    public static PageTable ofMachine(PhysicalMemory memory, long rootHpa, int levels) {
        return new PageTable(memory, false, rootHpa, levels, null);
    }

    /** A guest's tables behind a second stage. */
    public static PageTable ofGuest(PhysicalMemory memory, long rootGpa, PageTable secondStage) {
        return ofGuest(memory, rootGpa, LEVELS, secondStage);
    }

    /** The same with 4 or 5 levels. */
    public static PageTable ofGuest(PhysicalMemory memory, long rootGpa, int levels, PageTable secondStage) {
        return new PageTable(memory, false, rootGpa, levels, secondStage);
    }

    /** Extended page tables. */
    public static PageTable ofSecondStage(PhysicalMemory memory, long rootHpa) {
        return ofSecondStage(memory, rootHpa, LEVELS);
    }

    /** The same with 4 or 5 levels. */
    public static PageTable ofSecondStage(PhysicalMemory memory, long rootHpa, int levels) {
        return new PageTable(memory, true, rootHpa, levels, null);
    }

    public long root() {
        return root;
    }

    /** How many levels of tables there are. */
    public int levels() {
        return levels;
    }

    /** Shift of the address bits that index a table of {@code level}; 1 is the table of 4 KiB pages. */
    public static int shift(int level) {
        return 12 + 9 * (level - 1);
    }

    static long entryOffset(long address, int level) {
        return (address >>> shift(level) & ENTRIES - 1) << 3;
    }

    /**
     * The level, below the root's, of the first table that has to be made before {@code address} can be mapped
     * with a page of {@code size}; 0 if none is missing.
     */
    public int missingTable(long address, PageSize size) {
        for (int level = levels, leaf = size.leafLevel(); level > leaf; level--) {
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

    /** Writes the entry of {@code level} for {@code address}; the tables above it must be there. */
    public void setEntry(long address, int level, long entry) {
        memory.write(entryHpa(address, level), entry);
    }

    /** Address, in the tables' own address space, of the entry of {@code level}; the tables above it must be there. */
    public long entryAddress(long address, int level) {
        return tableAddress(address, level) + entryOffset(address, level);
    }

    /** The entry of {@code level} for {@code address}; 0 where a table above is missing. */
    public long entry(long address, int level) {
        return read(entryHpa(address, level));
    }

    private long read(long hpa) {
        return hpa == UNMAPPED ? 0 : memory.read(hpa);
    }

    /** All entries of the table of {@code level} for {@code address}, as they are now; the table must be there. */
    public long[] entries(long address, int level) {
        long hpa = hpaOf(tableAddress(address, level));
        long[] entries = new long[ENTRIES];
        for (int i = 0; i < ENTRIES; i++) {
            entries[i] = memory.read(hpa + (long) i * Long.BYTES);
        }
        return entries;
    }

    /** What {@code address} translates to in the next address space, or {@link #UNMAPPED}. */
    public long translate(long address) {
        long table = root;
        for (int level = levels; level > 0; level--) {
            long entry = read(hpaOf(table + entryOffset(address, level)));
            if (!isPresent(entry)) {
                return UNMAPPED;
            }
            if (EptEntry.isLeaf(entry, level)) {
                PageSize size = PageSize.byNumber(level - 1);
                return GuestEntry.pageAddress(entry, size) | address & size.bytes() - 1;
            }
            table = entry & GuestEntry.ADDRESS;
        }
        return UNMAPPED;
    }

    /** Machine address of the entry of {@code level}, or {@link #UNMAPPED} where a table above is missing. */
    public long entryHpa(long address, int level) {
        long table = tableAddress(address, level);
        return table == UNMAPPED ? UNMAPPED : hpaOf(table + entryOffset(address, level));
    }

    private long hpaOf(long entryAddress) {
        return secondStage == null ? entryAddress : secondStage.translate(entryAddress);
    }

    /** Address, in the tables' own address space, of the table of {@code level}, or {@link #UNMAPPED}. */
    public long tableAddress(long address, int level) {
        if (level == levels) {
            return root;
        }
        long above = entry(address, level + 1);
        return isPresent(above) && !EptEntry.isLeaf(above, level + 1) ? above & GuestEntry.ADDRESS : UNMAPPED;
    }

    private boolean isPresent(long entry) {
        return ept ? EptEntry.isPresent(entry) : GuestEntry.isPresent(entry);
    }
}
