package hvsim.scenarios.knees;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a pointer chase finds on a processor, as others published it; typed in here from the calibration tables and not
 * taken from the presets.
 *
 * @param firstEntries 4 KiB entries of the first level's data TLB
 * @param secondEntries of the second level; empty where there is none
 * @param hitCycles what a hit of the second level costs; empty where nobody published it
 * @param walkCycles what a miss costs whose walk finds its tables in the caches; empty where nobody published it
 * @param rows of the calibration tables, in that order, as far as there are any
 */
record Published(
        String preset,
        int firstEntries,
        OptionalInt secondEntries,
        OptionalInt hitCycles,
        OptionalInt walkCycles,
        String rows) {
    private static final int NONE = -1;

    static final List<Published> ALL = List.of(
            of("prescott", 64, NONE, NONE, NONE, "recalled; CPUID descriptor 5BH"),
            of("penryn", 16, 256, 2, NONE, "B011, B012, B014"),
            of("nehalem", 64, 512, NONE, NONE, "B015, B019"),
            of("sandy-bridge", 64, 512, 7, NONE, "B119, B118, B115; recalled"),
            of("haswell", 64, 1024, 8, 28, "B021, B028, B024 (12 with the load's own 4), B026 (20 beyond a hit)"),
            of("broadwell", 64, 1536, NONE, NONE, "B033, B044"),
            of("skylake-sp", 64, 1536, 9, 25, "B033, B045; recalled: B116 (7 to 9), B128 (20 to 35)"),
            of("ice-lake-sp", 64, 2048, NONE, NONE, "B056, B059 and B060"),
            of("golden-cove", 96, 2048, NONE, NONE, "B069, B067 and B068"),
            of("zen-2", 64, 2048, 7, NONE, "B073, B074, B117 recalled (7 to 8)"),
            of("zen-4", 72, 3072, 7, NONE, "B087 (72 to 75), B091 (2,944 to 3,584), B089 (6.8 to 7.4)"));

    private static Published of(String preset, int first, int second, int hit, int walk, String rows) {
        return new Published(preset, first, optional(second), optional(hit), optional(walk), rows);
    }

    private static OptionalInt optional(int value) {
        return value == NONE ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
