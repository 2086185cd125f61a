package hvsim.cpu;

/**
 * Where a virtual processor's program comes from. The one interface that a higher module implements;
 * it is asked once per batch, never per operation.
 */
public interface OpStream {
    /**
     * Writes the next operations as {@link GuestOp} words.
     *
     * @param batch where to write, from index 0; at least 64 words long
     * @return the number of words written, of whole operations only; 0 when the program has ended, and
     *     then 0 for ever
     * @throws ProgramUnreadableException if the program's source turns out damaged
     */
    int fill(long[] batch);

    /** The position after the last word handed out: all a stream needs to go on from there. */
    long[] position();

    /** Goes to a position that {@link #position()} of an equal stream returned. */
    void seek(long[] position);
}
