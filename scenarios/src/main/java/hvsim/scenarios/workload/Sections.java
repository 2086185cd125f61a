package hvsim.scenarios.workload;

import java.util.Arrays;

/** Parts of a position whose lengths differ, each behind its length. */
final class Sections {
    private final long[] longs;
    private int at;

    Sections(long[] longs, int start) {
        this.longs = longs;
        this.at = start;
    }

    static long[] add(long[] longs, long[] section) {
        return Longs.join(longs, Longs.join(new long[] {section.length}, section));
    }

    long[] next() {
        int start = at + 1;
        at = start + (int) longs[at];
        return Arrays.copyOfRange(longs, start, at);
    }
}
