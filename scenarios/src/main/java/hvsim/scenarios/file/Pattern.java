package hvsim.scenarios.file;

/** The order in which synthetic references touch the working set. */
public enum Pattern implements Choice {
    SEQUENTIAL("sequential"),
    STRIDE("stride"),
    UNIFORM("uniform"),
    ZIPF("zipf"),
    HOTSPOT("hotspot"),
    CHASE("chase"),
    LOOP("loop");

    private final String word;

    Pattern(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
