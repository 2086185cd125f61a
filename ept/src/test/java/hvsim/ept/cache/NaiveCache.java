package hvsim.ept.cache;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The oracle of one level: a list of lines for each set, the most recent first. */
final class NaiveCache {
    private final int ways;
    private final List<ArrayDeque<Long>> sets = new ArrayList<>();

    NaiveCache(CacheSpec spec) {
        ways = spec.ways();
        for (long set = 0; set < spec.sizeBytes() / 64 / ways; set++) {
            sets.add(new ArrayDeque<>());
        }
    }

    boolean touch(long line) {
        if (sets.isEmpty()) {
            return false;
        }
        ArrayDeque<Long> set = sets.get((int) (line % sets.size()));
        boolean had = set.remove(line);
        set.addFirst(line);
        if (set.size() > ways) {
            set.removeLast();
        }
        return had;
    }
}
