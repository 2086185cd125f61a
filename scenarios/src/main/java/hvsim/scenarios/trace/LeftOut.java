package hvsim.scenarios.trace;

/**
 * What lenient reading left out of a trace. Several readers may go through the same trace, and meet the same damage;
 * the one that came furthest counts.
 */
public final class LeftOut {
    private long count;
    private String first = "";

    LeftOut() {}

    synchronized void met(long countOfReader, String what) {
        if (countOfReader > count) {
            count = countOfReader;
            first = count == 1 ? what : first;
        }
    }

    /** Damaged lines, records or blocks. */
    public synchronized long count() {
        return count;
    }

    /** Where the first one is, and what is wrong there; empty if there is none. */
    public synchronized String first() {
        return first;
    }

    /** For reports; empty if nothing was left out. */
    public synchronized String note() {
        if (count < 2) {
            return count == 0 ? "" : "1 damaged place was left out: " + first;
        }
        return TraceFault.number(count) + " damaged places were left out; the first: " + first;
    }
}
