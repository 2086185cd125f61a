package hvsim.scenarios.run;

/** What a run asks and tells while it goes on, every few thousand operations. Never changes what is counted. */
public interface RunControl {
    /** Whether to end now; the result is then partial. */
    boolean isStopRequested();

    /**
     * How far all runs together are.
     *
     * @param done operations, or any other unit of {@code all}
     * @param all at least {@code done}
     */
    void progress(long done, long all);
}
