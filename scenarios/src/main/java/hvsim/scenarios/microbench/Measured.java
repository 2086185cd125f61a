package hvsim.scenarios.microbench;

/** A benchmark with a result. */
interface Measured {
    /** Cycles of one operation, on average, when TLBs and caches know all that it needs. */
    double cycles();
}
