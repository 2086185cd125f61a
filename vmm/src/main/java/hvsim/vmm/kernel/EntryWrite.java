package hvsim.vmm.kernel;

/** What a kernel writes into an entry of a table of pages, when a benchmark asks for it: ptemod of Adams and Agesen. */
public enum EntryWrite {
    /** What is there already: a page. */
    UNCHANGED,
    /** The page is not present any more. */
    CLEARED,
    /** A page is present where none was. */
    SET;

    private static final int KIND_BITS = 2;
    private static final EntryWrite[] BY_NUMBER = values();

    /**
     * The operand of an event that asks for it.
     *
     * @param entry number of the entry; there are 511, and then the first again
     */
    public long of(int entry) {
        return (long) entry << KIND_BITS | ordinal();
    }

    static EntryWrite kindOf(long operand) {
        return BY_NUMBER[(int) operand & (1 << KIND_BITS) - 1];
    }

    static int entryOf(long operand) {
        return (int) (operand >>> KIND_BITS);
    }
}
