package hvsim.scenarios.trace;

/** Reads a trace once, from its first reference to its last. */
public interface TraceReader extends AutoCloseable {
    /**
     * Writes the next references as {@code GuestOp} words.
     *
     * @param words where to write, with room for two words a reference
     * @param from where the first word goes
     * @param references how many; fewer are written only at the end of the trace
     * @return the index after the last word; {@code from} when the trace has ended
     * @throws hvsim.cpu.ProgramUnreadableException if the trace turns out damaged and is not read leniently
     */
    int read(long[] words, int from, int references);

    /** References read or skipped so far. */
    long made();

    /** Leaves out the next references. */
    void skip(long references);

    /** False if no reference of the last read is the first of the trace to its page. */
    boolean mayTouchNewPages();

    /** Threads whose records were read so far; 0 if the format does not tell. */
    default int threads() {
        return 0;
    }

    /** Records read so far that are accesses but no references of the program, such as prefetches. */
    default long passedOver() {
        return 0;
    }

    @Override
    void close();
}
