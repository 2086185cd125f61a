package hvsim.scenarios.workload;

/** What a trace is written in. */
public enum TraceFormat {
    /** The text that {@code valgrind --tool=lackey --trace-mem=yes} prints. */
    LACKEY("lackey"),
    /** The fast form that {@code hvsim trace convert} writes, see {@link HvtFormat}. */
    HVT("hvt");

    private final String word;

    TraceFormat(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
