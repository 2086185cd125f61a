package hvsim.scenarios.file;

/** When the guest's kernel maps a page. */
public enum Paging implements Choice {
    /** It is there when first touched, free of charge. */
    PREMAPPED("premapped"),
    /** In the handler of the page fault. */
    DEMAND("demand");

    private final String word;

    Paging(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
