package hvsim.scenarios.file;

/** Which references a TLB serves. */
public enum Holds implements Choice {
    FETCH("fetch"),
    DATA("data"),
    ALL("all");

    private final String word;

    Holds(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }

    /** Whether some reference could be served by either. */
    public boolean overlaps(Holds other) {
        return this == other || this == ALL || other == ALL;
    }
}
