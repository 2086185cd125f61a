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
}
