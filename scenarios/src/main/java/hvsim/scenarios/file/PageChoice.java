package hvsim.scenarios.file;

/** The page sizes that leaves of a table can have. */
public enum PageChoice implements Choice {
    KIB_4("4KiB", 1L << 12),
    MIB_2("2MiB", 1L << 21),
    GIB_1("1GiB", 1L << 30);

    private final String word;
    private final long bytes;

    PageChoice(String word, long bytes) {
        this.word = word;
        this.bytes = bytes;
    }

    @Override
    public String word() {
        return word;
    }

    public long bytes() {
        return bytes;
    }
}
