package hvsim.scenarios.file;

/** Which entry of a full set makes room. */
public enum Replacement implements Choice {
    /** The one unused for longest. */
    LRU("lru"),
    /** The one a binary tree points to, away from what was used last; ways are a power of two. */
    TREE_PLRU("tree_plru"),
    /** The one there for longest. */
    FIFO("fifo"),
    /** Any. */
    RANDOM("random");

    private final String word;

    Replacement(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
