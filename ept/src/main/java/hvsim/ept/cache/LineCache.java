package hvsim.ept.cache;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * One level: which lines it has, the most recent of each set first.
 *
 * <pre>
 *   set 0   [line] [line] [line] [none]     a use moves the line to the front, those before it one place back;
 *   set 1   [line] ...                      a line that is new pushes the last one out
 * </pre>
 */
final class LineCache {
    private static final long NONE = -1;

    private final int sets;
    private final int ways;
    private final boolean modulo;
    private final long reciprocal;
    private final long[] lines;

    LineCache(CacheSpec spec) {
        sets = spec.sets();
        ways = spec.sizeBytes() == 0 ? 0 : spec.ways();
        modulo = Integer.bitCount(sets) != 1;
        reciprocal = modulo ? Long.divideUnsigned(-1L, sets) + 1 : 0;
        lines = new long[sets * ways];
        Arrays.fill(lines, NONE);
    }

    /** Whether the line was there; it is now, and is the most recent of its set. */
    boolean touch(long line) {
        int first = setOf(line) * ways;
        long moved = line;
        for (int place = first; place < first + ways; place++) {
            long found = lines[place];
            lines[place] = moved;
            if (found == line) {
                return true;
            }
            moved = found;
        }
        return false;
    }

    private int setOf(long line) {
        // n mod s = n - s * floor(n / s); the reciprocal is exact for n < 2^46 and s <= 2^18
        return modulo ? (int) (line - sets * Math.multiplyHigh(line, reciprocal)) : (int) line & sets - 1;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(lines);
    }
}
