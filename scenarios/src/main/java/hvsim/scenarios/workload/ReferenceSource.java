package hvsim.scenarios.workload;

/**
 * Where the memory references of one process come from: a pattern or a trace. What it makes depends only on
 * how it was made, never on how its output is cut into pieces.
 */
public interface ReferenceSource extends AutoCloseable {
    /**
     * Writes the next references as {@code GuestOp} words.
     *
     * @param words where to write, with room for two words a reference
     * @param from where the first word goes
     * @param references how many; fewer are written only at the end of the source
     * @return the index after the last word
     * @throws hvsim.cpu.ProgramUnreadableException if the source turns out damaged
     */
    int fill(long[] words, int from, int references);

    /** References made so far, from where the source started. */
    long made();

    /**
     * False if none of the references of the last fill is the first that this source makes to its page,
     * whatever the page size. True costs a look at each of them.
     */
    boolean mayTouchNewPages();

    /** How many pages of 2^pageShift bytes the source can touch at most; {@code Long.MAX_VALUE} if unknown. */
    long pagesAtMost(int pageShift);

    /** The position after the last reference made. */
    long[] position();

    /** Goes to a position of an equal source. */
    void seek(long[] position);

    /** Lets go of what the source holds open. */
    @Override
    void close();
}
