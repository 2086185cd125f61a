package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.MapNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The runs that {@code compare} asks for. */
final class CompareRuns {
    private static final int MOST_RUNS = 1000;

    /** First words of expectations, which a run's name would hide; and the runs that are always there. */
    private static final Set<String> TAKEN = Set.of(
            "native",
            "main",
            "fidelity",
            "slowdown",
            "safety",
            "operations",
            "cycles",
            "exits",
            "tlb",
            "walks",
            "faults",
            "vms");

    private CompareRuns() {}

    /** Changes of each run by its name, in the order of the file; one run {@code main} if there is no compare. */
    static Map<String, List<Change>> read(MapNode tree, Faults faults) {
        Map<String, List<Change>> runs = new LinkedHashMap<>();
        tree.group("compare")
                .ifPresent(compare -> compare.entries().forEach((name, entry) -> {
                    checkName(name, entry.key(), runs.size(), faults);
                    runs.put(name, changes(name, entry.value(), faults));
                }));
        return runs.isEmpty() ? Map.of("main", List.of()) : runs;
    }

    private static void checkName(String name, Origin at, int runs, Faults faults) {
        if (TAKEN.contains(name)) {
            faults.add(
                    at,
                    "compare",
                    Text.quoted(name) + " cannot be the name of a run",
                    "taken names: " + String.join(", ", TAKEN.stream().sorted().toList()));
        } else if (!Kind.NAME.matcher(name).matches()) {
            faults.add(
                    at,
                    "compare",
                    Text.quoted(name) + " is no name for a run",
                    "a letter, then letters, digits, _ and -; at most 40");
        } else if (runs == MOST_RUNS) {
            faults.add(at, "compare", "more than " + MOST_RUNS + " runs", "");
        }
    }

    private static List<Change> changes(String run, Node value, Faults faults) {
        List<Change> changes = new ArrayList<>();
        if (value instanceof MapNode map) {
            map.entries().forEach((path, entry) -> {
                Change change = new Change(path, entry.key(), entry.value());
                if (change.hasGroup(faults)) {
                    changes.add(change);
                }
            });
        } else {
            faults.add(
                    value.origin(),
                    "compare." + run,
                    "is " + value.kind() + ", not a group of keys",
                    "path: value, or {} for the file as it stands");
        }
        return changes;
    }
}
