package hvsim.scenarios.workload;

/** A share of the references as a bound for 32 random bits. */
final class Share {
    static final long ALWAYS = 1L << Integer.SIZE;

    private Share() {}

    static long of(double share) {
        return Math.round(share * ALWAYS);
    }
}
