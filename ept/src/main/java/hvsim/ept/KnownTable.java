package hvsim.ept;

import hvsim.tlb.Translation;

/**
 * Codec of what is known of one table of the guest once a walk has got to it; a structure cache remembers it.
 *
 * <pre>
 *  51                                12 11  9 8        4 3 2 1 0
 * +------------------------------------+-----+----------+-+-+-+-+
 * | machine address of the table       |     | uncached |w|X|W|U|
 * +------------------------------------+-----+----------+-+-+-+-+
 *  uncached  references that lead to it when nothing is remembered
 *  w         the second stage lets it be written
 *  X W U     not XD, R/W, U/S: of all entries above it
 * </pre>
 */
final class KnownTable {
    /** Nothing is forbidden by the entries above the root. */
    static final long ALL_RIGHTS = 7;

    private static final long USER = 1;
    private static final long WRITE = 1 << 1;
    private static final long EXECUTE = 1 << 2;
    private static final long WRITABLE = 1 << 3;
    private static final int UNCACHED_SHIFT = 4;
    private static final int UNCACHED_MASK = 31;

    private KnownTable() {}

    static long pack(long hpa, boolean writable, int uncachedReferences, long rights) {
        return hpa | (long) uncachedReferences << UNCACHED_SHIFT | (writable ? WRITABLE : 0) | rights;
    }

    static long hpa(long table) {
        return table & GuestEntry.ADDRESS;
    }

    static int uncachedReferences(long table) {
        return (int) (table >>> UNCACHED_SHIFT) & UNCACHED_MASK;
    }

    static boolean isWritable(long table) {
        return (table & WRITABLE) != 0;
    }

    static long rights(long table) {
        return table & ALL_RIGHTS;
    }

    /** The rights that one entry of the guest's tables gives. */
    static long rightsOf(long entry) {
        return entry >>> 2 & USER | entry & WRITE | (entry >= 0 ? EXECUTE : 0);
    }

    /** The same rights as {@link Translation} flags. */
    static int flagsOf(long rights) {
        return ((rights & USER) != 0 ? Translation.USER : Translation.SUPERVISOR)
                | ((rights & WRITE) != 0 ? Translation.GUEST_WRITE : 0)
                | ((rights & EXECUTE) != 0 ? Translation.GUEST_EXECUTE : 0);
    }
}
