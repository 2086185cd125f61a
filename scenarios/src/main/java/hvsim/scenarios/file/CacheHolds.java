package hvsim.scenarios.file;

/** What competes for lines of the memory hierarchy. */
public enum CacheHolds implements Choice {
    /** Page-table entries with each other. */
    WALKS("walks"),
    /** Page-table entries, data and fetched code. */
    ALL("all");

    private final String word;

    CacheHolds(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
