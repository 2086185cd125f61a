package hvsim.scenarios.file;

/** The operating mode of a guest's processors. */
public enum OperatingMode implements Choice {
    /** IA-32e mode. */
    LONG("long"),
    /** Protected mode with PAE paging. */
    PAE("pae"),
    /** Protected mode with 32-bit paging. */
    BITS_32("32bit"),
    /** Real-address mode. */
    REAL("real");

    private final String word;

    OperatingMode(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
