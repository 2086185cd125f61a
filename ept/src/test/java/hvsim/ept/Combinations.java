package hvsim.ept;

import hvsim.tlb.AccessKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** All ways to set a few bits at each of some levels. */
final class Combinations {
    private Combinations() {}

    /**
     * Each element: what a level has, by level less one.
     *
     * @param most how many levels may differ from {@code usual}
     */
    static List<int[]> of(int levels, int values, int usual, int most) {
        if (levels == 0) {
            return List.of(new int[0]);
        }
        List<int[]> all = new ArrayList<>();
        for (int value = 0; value < values; value++) {
            int left = value == usual ? most : most - 1;
            if (left >= 0) {
                int last = value;
                of(levels - 1, values, usual, left)
                        .forEach(c -> all.add(IntStream.concat(IntStream.of(c), IntStream.of(last))
                                .toArray()));
            }
        }
        return all;
    }

    /** All accesses: of each kind, by a supervisor, by a user, and implicit ones (no fetch) at CPL 3. */
    static List<Access> accesses() {
        List<Access> all = new ArrayList<>();
        for (int kind = 0; kind < AccessKind.COUNT; kind++) {
            all.add(new Access(kind, false, false));
            all.add(new Access(kind, true, false));
            if (kind != AccessKind.FETCH) {
                all.add(new Access(kind, true, true));
            }
        }
        return List.copyOf(all);
    }
}
