package hvsim.vmm.cpu.translation;

/** How a kernel gets from a block to the next one. Programs have no jumps: where they fetch next tells. */
public enum Terminator {
    /** A jump, a branch or a call: its targets are in the code. */
    DIRECT,
    /** Through a register or a table: the kernel's entries, and all that is not known to be another. */
    INDIRECT,
    /** A function returns, and its caller calls the next one: each page of text is taken for a function (assumed). */
    RETURN;

    private static final int PAGE_SHIFT = 12;

    /**
     * What leads from the code at one address to that at another.
     *
     * @param from {@link Blocks#NONE} if the program has just begun
     */
    static Terminator between(long from, long to) {
        if (from == Blocks.NONE) {
            return INDIRECT;
        }
        return from >>> PAGE_SHIFT == to >>> PAGE_SHIFT ? DIRECT : RETURN;
    }

    /** Whether its targets never change, so that the way to them can be written into the translation. */
    boolean canBeChained() {
        return this == DIRECT;
    }
}
