package hvsim.multiqueue.service;

import hvsim.multiqueue.state.RandomStream;

/** How long a request takes once it is its turn. */
public interface ServiceTime {
    /** Cycles of the next request. */
    long nextCycles(RandomStream random);

    double meanCycles();
}
