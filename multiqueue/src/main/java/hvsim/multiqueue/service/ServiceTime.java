package hvsim.multiqueue.service;

/** How long a request takes once it is its turn. */
public interface ServiceTime {
    /** Cycles of the next request. */
    long nextCycles(RandomStream random);
}
