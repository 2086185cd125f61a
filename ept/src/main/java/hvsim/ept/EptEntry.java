package hvsim.ept;

import hvsim.tlb.PageSize;

/**
 * Bits of an entry of the extended page tables.
 *
 * <pre>
 *  63 62   52 51    M M-1                   12 11 10 9 8  7    6   5  3 2 1 0
 * +--+-------+-------+------------------------+-----+-+-+----+----+----+-+-+-+
 * |  | ign.  |rsvd 0 | table or page address  |ign. |D|A|page|IPAT|type|X|W|R|
 * +--+-------+-------+------------------------+-----+-+-+----+----+----+-+-+-+
 *                   memory type (6 is write-back), IPAT and D only in entries that map a page;
 *                   R, W and X all 0: not present
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 28.2.2 and 28.2.3.1.
 */
public final class EptEntry {
    public static final long READ = 1;
    public static final long WRITE = 1 << 1;
    public static final long EXECUTE = 1 << 2;
    public static final long RIGHTS = READ | WRITE | EXECUTE;
    public static final long WRITE_BACK = 6 << 3;
    public static final long PAGE = 1 << 7;
    public static final long ACCESSED = 1 << 8;
    public static final long DIRTY = 1 << 9;

    private static final int TYPE_SHIFT = 3;
    private static final long ABOVE_WIDTH = GuestEntry.ADDRESS & -(1L << PhysicalMemory.ADDRESS_BITS);

    /** Memory types 2, 3 and 7 do not exist. */
    private static final int ILLEGAL_TYPES = 1 << 2 | 1 << 3 | 1 << 7;

    private EptEntry() {}

    public static boolean isPresent(long entry) {
        return (entry & RIGHTS) != 0;
    }

    public static boolean isLeaf(long entry, int level) {
        return level == 1 || (entry & PAGE) != 0 && level < 4;
    }

    /** Whether a present entry is malformed: writable but not readable, a reserved bit set, no such memory type. */
    static boolean isMisconfigured(long entry, int level) {
        if ((entry & (READ | WRITE)) == WRITE) {
            return true;
        }
        if (!isLeaf(entry, level)) {
            return (entry & (ABOVE_WIDTH | 0xF8)) != 0;
        }
        long belowPage = GuestEntry.ADDRESS & (1L << PageTable.shift(level)) - 1;
        return (entry & (ABOVE_WIDTH | belowPage)) != 0 || (ILLEGAL_TYPES >> (entry >> TYPE_SHIFT & 7) & 1) != 0;
    }

    /** An entry that points to a table. */
    public static long table(long tableAddress) {
        return tableAddress | RIGHTS;
    }

    /** An entry that maps a page of write-back memory; {@code rights} of R, W and X, and flags. */
    public static long leaf(long pageAddress, PageSize size, long rights) {
        return pageAddress | WRITE_BACK | rights | (size == PageSize.SIZE_4K ? 0 : PAGE);
    }
}
