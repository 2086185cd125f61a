package hvsim.ept;

import hvsim.tlb.PageSize;

/**
 * Bits of an entry of the extended page tables.
 *
 * <pre>
 *   63 62 61 60 52 51    M M-1                   12 11 10 9 8  7    6   5  3 2 1 0
 * +----+-+---+-----+-------+------------------------+--+--+-+-+----+----+----+-+-+-+
 * |SVE | |SPP|ign. |rsvd 0 | table or page address  |  |XU|D|A|page|IPAT|type|X|W|R|
 * +----+-+---+-----+-------+------------------------+--+--+-+-+----+----+----+-+-+-+
 *                   memory type (6 is write-back), IPAT and D only in entries that map a page;
 *                   R, W and X all 0: not present; XU counts, and makes present, with mode-based execute control
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 28.2.2; XU as in later editions. What is malformed: {@link EptFormat}.
 */
public final class EptEntry {
    public static final long READ = 1;
    public static final long WRITE = 1 << 1;
    public static final long EXECUTE = 1 << 2;
    public static final long RIGHTS = READ | WRITE | EXECUTE;

    /** Writable but not readable, which is malformed on every processor: each access is an EPT misconfiguration. */
    public static final long REFUSED = WRITE | EXECUTE;

    public static final long WRITE_BACK = 6 << 3;
    public static final long PAGE = 1 << 7;
    public static final long ACCESSED = 1 << 8;
    public static final long DIRTY = 1 << 9;

    /** With mode-based execute control: execution at user-mode addresses; X is for the others then. */
    public static final long USER_EXECUTE = 1 << 10;

    /** Of an entry that maps 4 KiB: sub-page permissions apply to writes that it does not allow. */
    public static final long SUB_PAGE = 1L << 61;

    /** Violations at this entry are never virtualization exceptions. */
    public static final long SUPPRESS_VE = 1L << 63;

    private static final int TYPE_SHIFT = 3;

    private EptEntry() {}

    public static boolean isPresent(long entry) {
        return (entry & RIGHTS) != 0;
    }

    public static boolean isLeaf(long entry, int level) {
        return level == 1 || (entry & PAGE) != 0 && level < 4;
    }

    /** The number of the memory type of an entry that maps a page. */
    static int memoryType(long entry) {
        return (int) (entry >>> TYPE_SHIFT) & 7;
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
