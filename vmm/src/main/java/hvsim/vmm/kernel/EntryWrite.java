package hvsim.vmm.kernel;

/**
 * What a kernel writes into entries of tables of pages, when a benchmark asks for it: ptemod of Adams and Agesen (ASPLOS
 * 2006). What it takes beside the store itself is from their native figures, on a Pentium 4.
 */
public enum EntryWrite {
    /** What is there already: a page. A055: nothing. */
    UNCHANGED(0),
    /** The page is not present any more. A058. */
    CLEARED(3),
    /** A page is present where none was. A061. */
    SET(4);

    /** Entries that one event writes. */
    public static final int AT_ONCE = 8;

    private static final int KIND_BITS = 2;
    private static final EntryWrite[] BY_NUMBER = values();

    private final int otherCycles;

    EntryWrite(int otherCycles) {
        this.otherCycles = otherCycles;
    }

    /** Of the kernel, for each. */
    int otherCycles() {
        return otherCycles;
    }

    /**
     * The operand of an event that asks for it. What stays as it is are always the same entries, else always others.
     *
     * @param event number of the event: 382, and then the first entries again
     */
    public long of(int event) {
        long first = this == UNCHANGED ? 0 : (long) event * AT_ONCE;
        return first << KIND_BITS | ordinal();
    }

    static EntryWrite kindOf(long operand) {
        return BY_NUMBER[(int) operand & (1 << KIND_BITS) - 1];
    }

    /** The first of the entries. */
    static int firstOf(long operand) {
        return (int) (operand >>> KIND_BITS);
    }
}
