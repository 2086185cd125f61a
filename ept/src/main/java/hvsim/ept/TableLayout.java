package hvsim.ept;

/**
 * Where the entry for an address is, in the tables of a paging mode as software sees them: PAE paging's
 * page-directory-pointer table is the top one, though walks ask registers that were loaded from it.
 *
 * <pre>
 *   TWO_LEVEL                31      22 21      12 11         0        entries of 4 bytes
 *                           |  level 2 | level 1  |  in page  |
 *   PAE            31 30 29      21 20      12 11         0            entries of 8 bytes
 *                 | L 3 | level 2  | level 1  |  in page  |
 *   FOUR_LEVEL     47      39 38      30 29      21 20      12 11   0  entries of 8 bytes
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 4.3 to 4.5.
 */
public enum TableLayout {
    TWO_LEVEL(2, 10, 4),
    PAE(3, 9, 8),
    FOUR_LEVEL(4, 9, 8),
    FIVE_LEVEL(5, 9, 8);

    private static final int PAGE_SHIFT = 12;
    private static final int LEGACY_BITS = 32;

    private final int levels;
    private final int indexBits;
    private final int entryBytes;

    TableLayout(int levels, int indexBits, int entryBytes) {
        this.levels = levels;
        this.indexBits = indexBits;
        this.entryBytes = entryBytes;
    }

    /** Of IA-32e mode. */
    public static TableLayout ofLevels(int levels) {
        return switch (levels) {
            case 4 -> FOUR_LEVEL;
            case 5 -> FIVE_LEVEL;
            default -> throw new IllegalArgumentException(levels + " levels of page tables; 4 or 5 are possible");
        };
    }

    /** Of tables, the root among them. */
    public int levels() {
        return levels;
    }

    /** Bits of an address that index a table. */
    public int indexBits() {
        return indexBits;
    }

    public int entryBytes() {
        return entryBytes;
    }

    /** Whether linear addresses have 64 bits. */
    public boolean isLong() {
        return levels > PAE.levels;
    }

    /** Shift of the address bits that index a table of {@code level}; 1 is the table of 4 KiB pages. */
    public int shift(int level) {
        return PAGE_SHIFT + indexBits * (level - 1);
    }

    /** What an entry of {@code level} covers, and how large the page is that it maps. */
    public long bytes(int level) {
        return 1L << shift(level);
    }

    /** Entries of a table of {@code level}. */
    public int entries(int level) {
        return this == PAE && level == levels ? 1 << LEGACY_BITS - shift(level) : 1 << indexBits;
    }

    /** Where in a table of {@code level} the entry for {@code address} is, in bytes. */
    public int offset(long address, int level) {
        return (int) (address >>> shift(level) & entries(level) - 1) * entryBytes;
    }

    /** The entry at a machine address. */
    public long read(TableEntries memory, long entryHpa) {
        return entryBytes == Long.BYTES ? memory.read(entryHpa) : HalfEntries.read(memory, entryHpa);
    }

    void write(TableEntries memory, long entryHpa, long entry) {
        if (entryBytes == Long.BYTES) {
            memory.write(entryHpa, entry);
        } else {
            HalfEntries.write(memory, entryHpa, entry);
        }
    }

    /** An entry of {@code level} that points to a table; one of a page-directory-pointer table has no rights. */
    long tableEntry(int level, long tableAddress, boolean accessed) {
        return this == PAE && level == levels
                ? tableAddress | GuestEntry.PRESENT
                : GuestEntry.table(tableAddress, accessed);
    }
}
