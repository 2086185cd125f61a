package hvsim.ept;

/**
 * What entries of the guest's (or native) tables look like, by mode and level: SDM vol. 3 (325384-059US), 4.3 (32-bit),
 * 4.4 (PAE), 4.5 (IA-32e; 5 levels as in later editions). Level 1 is the page table.
 *
 * @param width MAXPHYADDR
 * @param pages1G whether a page-directory-pointer-table entry may map a page of 1 GiB
 */
record NaiveFormat(Registers registers, int width, boolean pages1G) {
    private static final int PAGE_SIZE = 7;
    private static final int EXECUTE_DISABLE = 63;

    /** Linear addresses are given with so many of their lower bits, which is all of them where there are 5 levels. */
    private static final int GIVEN_BITS = 57;

    /** PSE-36: an entry of 32 bits that maps 4 MiB names at most this many address bits (4.3, table 4-4). */
    private static final int WIDTH_OF_4M_PAGES = 40;

    private PagingMode mode() {
        return registers.mode();
    }

    private boolean is32Bit() {
        return mode() == PagingMode.TWO_LEVEL;
    }

    int entryBytes() {
        return is32Bit() ? 4 : 8;
    }

    /** Where the page, or what one entry of that level maps, ends in a linear address. */
    int shift(int level) {
        return 12 + (is32Bit() ? 10 : 9) * (level - 1);
    }

    long entryAddress(long table, long gva, int level) {
        long index = gva >>> shift(level) & (is32Bit() ? 1023 : 511);
        return table + index * entryBytes();
    }

    /** The root that CR3 names (4.3, 4.5: table 4-3 and 4-12). */
    long root(long cr3) {
        return is32Bit() ? cr3 & bits(31, 12) : cr3 & bits(51, 12);
    }

    boolean isLeaf(long e, int level) {
        return switch (level) {
            case 1 -> true;
            case 2 -> has(e, PAGE_SIZE) && (!is32Bit() || registers.cr4Has(Registers.PSE));
            case 3 -> has(e, PAGE_SIZE);
            default -> false;
        };
    }

    /** Bits that must be 0 in this present entry. */
    long reserved(long e, int level) {
        return switch (mode()) {
            case OFF -> 0;
            case TWO_LEVEL -> level == 2 && isLeaf(e, 2) ? bits(21, 13 + Math.min(width, WIDTH_OF_4M_PAGES) - 32) : 0;
            case PAE -> bits(62, width) | executeDisable() | (level == 2 && isLeaf(e, 2) ? bits(20, 13) : 0);
            case FOUR_LEVEL, FIVE_LEVEL -> bits(51, width) | executeDisable() | reservedByPageSize(e, level);
        };
    }

    /** Bits that must be 0 in a present page-directory-pointer-table entry of PAE paging (4.4.1, table 4-8). */
    long reservedInPdpte() {
        return bits(2, 1) | bits(8, 5) | bits(62, width) | 1L << 63;
    }

    private long executeDisable() {
        return registers.noExecute() ? 0 : 1L << EXECUTE_DISABLE;
    }

    private long reservedByPageSize(long e, int level) {
        if (level == 1 || !has(e, PAGE_SIZE)) {
            return 0;
        }
        return switch (level) {
            case 2 -> bits(20, 13);
            case 3 -> pages1G ? bits(29, 13) : 1L << PAGE_SIZE;
            default -> 1L << PAGE_SIZE;
        };
    }

    /** The next table. */
    long table(long e) {
        return e & (is32Bit() ? bits(31, 12) : bits(51, 12));
    }

    /** The page that a leaf maps. */
    long page(long e, int level) {
        if (is32Bit() && level == 2) {
            return e & bits(31, 22) | (e & bits(20, 13)) >>> 13 << 32;
        }
        return table(e) & -(1L << shift(level));
    }

    boolean executeDisabled(long e) {
        return registers.noExecute() && !is32Bit() && has(e, EXECUTE_DISABLE);
    }

    /** 4.6.2: only IA-32e entries have a protection key; elsewhere bits 62:59 are reserved or not there. */
    int key(long e) {
        return mode().isLong() ? (int) (e >>> 59) & 15 : 0;
    }

    /** 4.10.2.4: only with CR4.PGE. */
    boolean isGlobal(long e) {
        return registers.cr4Has(Registers.PGE) && has(e, 8);
    }

    /** Linear addresses of IA-32e mode must repeat the highest bit that is translated (vol. 1, 3.3.7.1). */
    boolean isCanonical(long gva) {
        int highest = mode().addressBits() - 1;
        long upper = gva >>> highest;
        return !mode().isLong() || upper == 0 || upper == (1L << GIVEN_BITS - highest) - 1;
    }

    /** What of a linear address there is: outside IA-32e mode, 32 bits. */
    long linear(long gva) {
        return mode().isLong() ? gva : gva & 0xFFFF_FFFFL;
    }

    static boolean has(long word, int bit) {
        return (word >>> bit & 1) != 0;
    }

    static long bits(int high, int low) {
        return high < low ? 0 : (1L << high + 1) - (1L << low);
    }
}
