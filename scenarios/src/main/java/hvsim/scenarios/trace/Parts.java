package hvsim.scenarios.trace;

/** Where each of several starts in what they share: number k of n after k/n of it. */
public final class Parts {
    private Parts() {}

    public static long start(long length, int part, int parts) {
        return length / parts * part + length % parts * part / parts;
    }
}
