package hvsim.scenarios.workload;

/** The order in which a pattern's data references touch its working set. */
interface Places {
    /** Writes the next places, as distances in bytes from the start of the working set. */
    void next(long[] places, int count);

    /** All that is needed to go on from here. */
    long[] position();

    void seek(long[] position);
}
