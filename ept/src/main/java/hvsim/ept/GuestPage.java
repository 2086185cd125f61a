package hvsim.ept;

import hvsim.tlb.PageSize;

/** The pages that leaves of a guest's tables map; a TLB holds one of 4 MiB as two of 2 MiB. */
public enum GuestPage {
    KIB_4(12, 1),
    MIB_2(21, 2),
    MIB_4(22, 2),
    GIB_1(30, 3);

    private final int shift;
    private final int leafLevel;

    GuestPage(int shift, int leafLevel) {
        this.shift = shift;
        this.leafLevel = leafLevel;
    }

    /** The same size, of tables with entries of 8 bytes. */
    public static GuestPage of(PageSize size) {
        return switch (size) {
            case SIZE_4K -> KIB_4;
            case SIZE_2M -> MIB_2;
            case SIZE_1G -> GIB_1;
        };
    }

    /** The large page whose entry is in a table of level 2. */
    public static GuestPage ofLevel2(TableLayout layout) {
        return layout == TableLayout.TWO_LEVEL ? MIB_4 : MIB_2;
    }

    public int shift() {
        return shift;
    }

    public long bytes() {
        return 1L << shift;
    }

    /** Level of the table whose entry maps such a page. */
    public int leafLevel() {
        return leafLevel;
    }

    /** An entry that maps a page; {@code bits} are rights and flags. */
    public long leaf(long pageAddress, long bits) {
        return pageAddress | GuestEntry.PRESENT | bits | (this == KIB_4 ? 0 : GuestEntry.PAGE);
    }

    /** Address of the page that a leaf maps. */
    public long address(long leaf) {
        return leaf & GuestEntry.ADDRESS & -bytes();
    }
}
