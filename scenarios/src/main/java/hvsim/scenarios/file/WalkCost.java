package hvsim.scenarios.file;

/** What a walk's reference to a table entry costs. */
public enum WalkCost implements Choice {
    /** The same for each: fixed_cycles. */
    FIXED("fixed"),
    /** What the memory hierarchy takes to serve it. */
    CACHES("caches");

    private final String word;

    WalkCost(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
