package hvsim.scenarios.file;

/** How a TLB finds the set of a page. */
public enum SetIndex implements Choice {
    /** The low bits of the page number. */
    MASK("mask"),
    /** The low bits, xored with the next as many. */
    XOR("xor"),
    /** The remainder, where the sets are no power of two. */
    MODULO("modulo");

    private final String word;

    SetIndex(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
