package hvsim.tlb;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One set of {@link NaiveStore}: what is in each way, when it came, when it was used, and who makes room. */
final class NaiveSet<E> {
    /** Null where a way is invalid. */
    final List<E> ways;

    private final Replacement replacement;
    private final NaiveRandom random;
    private final long[] arrived;
    private final long[] used;
    private long now;

    /** By range of ways, "from-to": whether its upper half was the one used last. */
    private final Map<String, Boolean> upperLast = new HashMap<>();

    NaiveSet(int ways, Replacement replacement, NaiveRandom random) {
        this.ways = new ArrayList<>(Collections.nCopies(ways, null));
        this.replacement = replacement;
        this.random = random;
        this.arrived = new long[ways];
        this.used = new long[ways];
    }

    void use(E entry) {
        use(ways.indexOf(entry));
    }

    void insert(E entry) {
        int invalid = ways.indexOf(null);
        int way = invalid >= 0 ? invalid : victim();
        ways.set(way, entry);
        arrived[way] = ++now;
        use(way);
    }

    private void use(int way) {
        used[way] = ++now;
        int from = 0;
        int to = ways.size();
        while (replacement == Replacement.TREE_PLRU && to - from > 1) {
            int middle = (from + to) / 2;
            upperLast.put(from + "-" + to, way >= middle);
            from = way >= middle ? middle : from;
            to = way >= middle ? to : middle;
        }
    }

    private int victim() {
        return switch (replacement) {
            case LRU -> earliest(used);
            case FIFO -> earliest(arrived);
            case TREE_PLRU -> leastUsedHalf(0, ways.size());
            case RANDOM -> random.next(ways.size());
        };
    }

    private static int earliest(long[] times) {
        int earliest = 0;
        for (int way = 1; way < times.length; way++) {
            earliest = times[way] < times[earliest] ? way : earliest;
        }
        return earliest;
    }

    /** Where neither half was ever used, the lower one makes room. */
    private int leastUsedHalf(int from, int to) {
        if (to - from == 1) {
            return from;
        }
        int middle = (from + to) / 2;
        return upperLast.getOrDefault(from + "-" + to, true) ? leastUsedHalf(from, middle) : leastUsedHalf(middle, to);
    }
}
