package hvsim.ept;

import hvsim.tlb.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * Tables as software sees them: what a kernel or hypervisor reads and edits, with no reference
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

    private final TableEntries entries;
    private final boolean ept;
    private final long root;
    private final TableLayout layout;
    private final @Nullable PageTable secondStage;

    private PageTable(
            TableEntries entries, boolean ept, long root, TableLayout layout, @Nullable PageTable secondStage) {
        this.entries = entries;
        this.ept = ept;
        this.root = root;
        this.layout = layout;
        this.secondStage = secondStage;
    }

    /** Tables that name machine addresses: a native kernel's or the hypervisor's own. */
    public static PageTable ofMachine(PhysicalMemory memory, long rootHpa) {
        return ofMachine(memory, rootHpa, LEVELS);
    }

    /** The same with 4 or 5 levels. */
    public static PageTable ofMachine(PhysicalMemory memory, long rootHpa, int levels) {
        return ofMachine(memory, rootHpa, TableLayout.ofLevels(levels));
    }

    /** The same of any kind. */
    public static PageTable ofMachine(PhysicalMemory memory, long rootHpa, TableLayout layout) {
        return new PageTable(memory, false, rootHpa, layout, null);
    }

    /** A guest's tables behind a second stage. */
    public static PageTable ofGuest(PhysicalMemory memory, long rootGpa, PageTable secondStage) {
        return ofGuest(memory, rootGpa, TableLayout.FOUR_LEVEL, secondStage);
    }

    /** The same of any kind; the guest may reach their entries by other means than memory. */
    public static PageTable ofGuest(TableEntries entries, long rootGpa, TableLayout layout, PageTable secondStage) {
        return new PageTable(entries, false, rootGpa, layout, secondStage);
    }

    /** Extended page tables. */
    public static PageTable ofSecondStage(PhysicalMemory memory, long rootHpa) {
        return ofSecondStage(memory, rootHpa, LEVELS);
    }

    /** The same with 4 or 5 levels. */
    public static PageTable ofSecondStage(PhysicalMemory memory, long rootHpa, int levels) {
        return new PageTable(memory, true, rootHpa, TableLayout.ofLevels(levels), null);
    }

    /**
     * Extended page tables of a hypervisor that is a guest itself: what it takes for machine addresses are its
     * guest-physical ones, and {@code below} leads on from there.
     */
    public static PageTable ofNestedSecondStage(PhysicalMemory memory, long rootGpa, int levels, PageTable below) {
        return new PageTable(memory, true, rootGpa, TableLayout.ofLevels(levels), below);
    }

    public long root() {
        return root;
    }

    /** How many levels of tables there are. */
    public int levels() {
        return layout.levels();
    }

    public TableLayout layout() {
        return layout;
    }

    /** Of tables with 512 entries: shift of the address bits that index one of {@code level}. */
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
        return missingTable(address, size.leafLevel());
    }

    /** The same for a page that an entry of {@code leafLevel} maps. */
    public int missingTable(long address, int leafLevel) {
        for (int level = levels(); level > leafLevel; level--) {
            if (!isPresent(read(entryHpa(address, level)))) {
                return level - 1;
            }
        }
        return 0;
    }

    /** Links a new, empty table of {@code level} in. */
    public void link(long address, int level, long tableAddress, boolean accessed) {
        setEntry(
                address,
                level + 1,
                ept ? EptEntry.table(tableAddress) : layout.tableEntry(level + 1, tableAddress, accessed));
    }

    /** Writes the entry that maps the page of {@code address}; the tables above it must be there. */
    public void setLeaf(long address, PageSize size, long entry) {
        setEntry(address, size.leafLevel(), entry);
    }

    /** Writes the entry of {@code level} for {@code address}; the tables above it must be there. */
    public void setEntry(long address, int level, long entry) {
        layout.write(entries, entryHpa(address, level), entry);
    }

    /** Address, in the tables' own address space, of the entry of {@code level}; the tables above it must be there. */
    public long entryAddress(long address, int level) {
        return tableAddress(address, level) + layout.offset(address, level);
    }

    /** The entry of {@code level} for {@code address}; 0 where a table above is missing. */
    public long entry(long address, int level) {
        return read(entryHpa(address, level));
    }

    private long read(long hpa) {
        return hpa == UNMAPPED ? 0 : layout.read(entries, hpa);
    }

    /** All entries of the table of {@code level} for {@code address}, as they are now; the table must be there. */
    public long[] entries(long address, int level) {
        long hpa = hpaOf(tableAddress(address, level));
        long[] all = new long[layout.entries(level)];
        for (int i = 0; i < all.length; i++) {
            all[i] = read(hpa + (long) i * layout.entryBytes());
        }
        return all;
    }

    /** What {@code address} translates to in the next address space, or {@link #UNMAPPED}. */
    public long translate(long address) {
        long table = root;
        for (int level = levels(); level > 0; level--) {
            long entry = read(hpaOf(table + layout.offset(address, level)));
            if (!isPresent(entry)) {
                return UNMAPPED;
            }
            if (EptEntry.isLeaf(entry, level)) {
                long bytes = layout.bytes(level);
                return entry & GuestEntry.ADDRESS & -bytes | address & bytes - 1;
            }
            table = entry & GuestEntry.ADDRESS;
        }
        return UNMAPPED;
    }

    /** Where {@code address} is in the machine, or {@link #UNMAPPED}. */
    private long translateToMachine(long address) {
        long next = translate(address);
        return next == UNMAPPED ? UNMAPPED : hpaOf(next);
    }

    /** Machine address of the entry of {@code level}, or {@link #UNMAPPED} where a table above is missing. */
    public long entryHpa(long address, int level) {
        long table = tableAddress(address, level);
        return table == UNMAPPED ? UNMAPPED : hpaOf(table + layout.offset(address, level));
    }

    private long hpaOf(long entryAddress) {
        return secondStage == null ? entryAddress : secondStage.translateToMachine(entryAddress);
    }

    /** Address, in the tables' own address space, of the table of {@code level}, or {@link #UNMAPPED}. */
    public long tableAddress(long address, int level) {
        if (level == levels()) {
            return root;
        }
        long above = entry(address, level + 1);
        return isPresent(above) && !EptEntry.isLeaf(above, level + 1) ? above & GuestEntry.ADDRESS : UNMAPPED;
    }

    private boolean isPresent(long entry) {
        return ept ? EptEntry.isPresent(entry) : GuestEntry.isPresent(entry);
    }
}
