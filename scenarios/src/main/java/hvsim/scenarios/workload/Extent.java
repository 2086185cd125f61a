package hvsim.scenarios.workload;

/**
 * How far a program goes.
 *
 * @param warmup operations before the MARK word; 0 for none
 * @param operations with those of the warm-up; fewer if the references end before
 */
record Extent(long warmup, long operations) {}
