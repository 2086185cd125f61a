package hvsim.scenarios.file;

/** Which entry of a full set makes room. */
public enum Replacement implements Choice {
    /** The one unused for longest. */
    LRU("lru");

    private final String word;

    Replacement(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
