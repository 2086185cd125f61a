package hvsim.scenarios.workload;

/** Reads a trace once, from its first reference to its last. Faults as {@link ReferenceSource#fill}. */
interface TraceReader extends AutoCloseable {
    /** As {@link ReferenceSource#fill}; {@code from} when the trace has ended. */
    int read(long[] words, int from, int references);

    /** References read or skipped so far. */
    long made();

    /** Leaves out the next references. */
    void skip(long references);

    /** False if no reference of the last read is the first of the trace to its page. */
    boolean mayTouchNewPages();

    @Override
    void close();
}
