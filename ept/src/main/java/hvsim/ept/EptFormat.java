package hvsim.ept;

/**
 * What a processor takes an entry of the extended page tables for: by its capabilities, and by whether execution is
 * allowed apart for user-mode and supervisor-mode addresses (mode-based execute control).
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 28.2.2 and 28.2.3.1; mode-based execute as in later editions.
 */
final class EptFormat {
    /** Bits 7:3, of an entry that points to a table. */
    private static final long RESERVED_IN_TABLE = 0xF8;

    /** Memory types 2, 3 and 7 do not exist. */
    private static final int ILLEGAL_TYPES = 1 << 2 | 1 << 3 | 1 << 7;

    private final long rights;
    private final boolean executeOnly;
    private final long aboveWidth;

    /** By level: the bits that make it a page; bit 7, where there are such pages. */
    private final long[] page = new long[PageTable.MAX_LEVELS + 1];

    /**
     * By level: read, and what must be 0 in an entry that points to a table, which tells most of these at once; 0 on
     * the last level.
     */
    private final long[] notTable = new long[PageTable.MAX_LEVELS + 1];

    /** By level: what must be 0 in an entry that maps a page. */
    private final long[] reservedInPage = new long[PageTable.MAX_LEVELS + 1];

    EptFormat(PagingCapability capability, boolean modeBasedExecute) {
        rights = EptEntry.RIGHTS | (modeBasedExecute ? EptEntry.USER_EXECUTE : 0);
        executeOnly = capability.has(EptVpidCapability.EXECUTE_ONLY);
        aboveWidth = capability.aboveWidth();
        page[2] = capability.has(EptVpidCapability.PAGES_2M) ? EptEntry.PAGE : 0;
        page[3] = capability.has(EptVpidCapability.PAGES_1G) ? EptEntry.PAGE : 0;
        for (int level = 1; level <= PageTable.MAX_LEVELS; level++) {
            notTable[level] = level == 1 ? 0 : EptEntry.READ | aboveWidth | RESERVED_IN_TABLE;
            reservedInPage[level] = aboveWidth | GuestEntry.ADDRESS & (1L << PageTable.shift(level)) - 1;
        }
    }

    /** Whether an entry points to a table and is well-formed. */
    boolean isTable(long entry, int level) {
        return (entry & notTable[level]) == EptEntry.READ
                || isPresent(entry) && !isLeaf(entry, level) && !isMisconfigured(entry, level, false);
    }

    /** Whether an entry maps a page and is well-formed. */
    boolean isPage(long entry, int level) {
        return isPresent(entry) && isLeaf(entry, level) && !isMisconfigured(entry, level, true);
    }

    /** The bits that allow accesses; an entry without any is not present. */
    long rights() {
        return rights;
    }

    boolean isPresent(long entry) {
        return (entry & rights) != 0;
    }

    /** Whether a present entry maps a page. */
    boolean isLeaf(long entry, int level) {
        return level == 1 || (entry & page[level]) != 0;
    }

    /** Whether a present entry is malformed. */
    boolean isMisconfigured(long entry, int level, boolean leaf) {
        return (entry & reserved(level, leaf)) != 0
                || (entry & EptEntry.READ) == 0 && ((entry & EptEntry.WRITE) != 0 || !executeOnly)
                || leaf && isIllegalType(entry);
    }

    /** The first rule that a malformed entry breaks. */
    StopCause misconfiguration(long entry, int level) {
        if ((entry & (EptEntry.READ | EptEntry.WRITE)) == EptEntry.WRITE) {
            return StopCause.WRITE_WITHOUT_READ;
        }
        if ((entry & EptEntry.READ) == 0 && !executeOnly) {
            return StopCause.EXECUTE_ONLY;
        }
        boolean reservedBit = (entry & reserved(level, isLeaf(entry, level))) != 0;
        return reservedBit ? StopCause.RESERVED_BIT : StopCause.MEMORY_TYPE;
    }

    private long reserved(int level, boolean leaf) {
        return leaf ? reservedInPage[level] : aboveWidth | RESERVED_IN_TABLE;
    }

    private static boolean isIllegalType(long entry) {
        return (ILLEGAL_TYPES >> EptEntry.memoryType(entry) & 1) != 0;
    }
}
