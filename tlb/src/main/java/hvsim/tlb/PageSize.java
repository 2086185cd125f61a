package hvsim.tlb;

import java.util.List;

/** The sizes of page that a table entry of either stage can map. */
public enum PageSize {
    SIZE_4K(12),
    SIZE_2M(21),
    SIZE_1G(30);

    private static final List<PageSize> BY_NUMBER = List.of(values());

    private final int shift;

    PageSize(int shift) {
        this.shift = shift;
    }

    /** The size with that {@link #ordinal()}, as packed into keys and translations. */
    public static PageSize byNumber(int number) {
        return BY_NUMBER.get(number);
    }

    /** Number of address bits inside the page. */
    public int shift() {
        return shift;
    }

    public long bytes() {
        return 1L << shift;
    }

    /** Level of the table whose entry maps such a page: 1 for the PT, 3 for the PDPT. */
    public int leafLevel() {
        return ordinal() + 1;
    }
}
