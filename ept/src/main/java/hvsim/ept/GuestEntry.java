package hvsim.ept;

import hvsim.tlb.PageSize;

/**
 * Bits of an entry of the guest's tables.
 *
 * <pre>
 *  63 62 59 58  52 51    M M-1                   12 11 9 8  7 6 5 4   3   2   1   0
 * +--+-----+------+-------+------------------------+----+-+--+-+-+---+---+---+---+-+
 * |XD| key | ign. |rsvd 0 | table or page address  |ign.|G|PS|D|A|PCD|PWT|U/S|R/W|P|
 * +--+-----+------+-------+------------------------+----+-+--+-+-+---+---+---+---+-+
 *   M is the width of physical addresses; key, G and D only in entries that map a page; PAE paging has no keys and
 *   62:M reserved; 32-bit paging has bits 31:0. What must be 0: {@link EntryRules}
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), tables 4-4 to 4-20.
 */
public final class GuestEntry {
    public static final long PRESENT = 1;
    public static final long WRITE = 1 << 1;
    public static final long USER = 1 << 2;
    public static final long ACCESSED = 1 << 5;
    public static final long DIRTY = 1 << 6;
    public static final long PAGE = 1 << 7;
    public static final long GLOBAL = 1 << 8;
    public static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;

    private GuestEntry() {}

    public static boolean isPresent(long entry) {
        return (entry & PRESENT) != 0;
    }

    /** Whether a present entry maps a page rather than pointing to a table. */
    public static boolean isLeaf(long entry, int level) {
        return level == 1 || (entry & PAGE) != 0 && level < 4;
    }

    /** Address of the page that a leaf of {@code size} maps. */
    public static long pageAddress(long entry, PageSize size) {
        return entry & ADDRESS & -size.bytes();
    }

    /** An entry that points to a table; the leaves below decide the rights. */
    public static long table(long tableAddress, boolean accessed) {
        return tableAddress | PRESENT | WRITE | USER | (accessed ? ACCESSED : 0);
    }

    /** An entry that maps a page; {@code bits} are rights and flags. */
    public static long leaf(long pageAddress, PageSize size, long bits) {
        return pageAddress | PRESENT | bits | (size == PageSize.SIZE_4K ? 0 : PAGE);
    }
}
