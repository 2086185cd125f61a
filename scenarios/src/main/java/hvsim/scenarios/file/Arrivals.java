package hvsim.scenarios.file;

/** {@code traffic.arrivals}: when frames come. */
public enum Arrivals implements Choice {
    /** Each independent of the others. */
    POISSON("poisson"),
    /** At equal distances. */
    REGULAR("regular");

    private final String word;

    Arrivals(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
