package hvsim.scenarios.report;

import hvsim.scenarios.run.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What stands above a run's column: its name, and where the run is made at several points, what is varied. */
final class Labels {
    private static final String MAIN = "main";

    private final List<RunResult> runs;

    Labels(List<RunResult> runs) {
        this.runs = runs;
    }

    String of(RunResult run) {
        List<String> changes = new ArrayList<>();
        Set<String> varied = varied(run);
        for (String path : varied) {
            changes.add(shortened(path, varied) + "="
                    + Configuration.written(run.set().get(path)));
        }
        String values = String.join(",", changes);
        return values.isEmpty() ? run.run() : run.run().equals(MAIN) ? values : run.run() + " " + values;
    }

    /** The paths whose values differ between the points of the run. */
    private Set<String> varied(RunResult run) {
        Set<String> varied = new LinkedHashSet<>();
        for (Map.Entry<String, Object> change : run.set().entrySet()) {
            boolean differs = runs.stream()
                    .anyMatch(other -> other.run().equals(run.run())
                            && !Objects.equals(other.set().get(change.getKey()), change.getValue()));
            if (differs) {
                varied.add(change.getKey());
            }
        }
        return varied;
    }

    /** The last word of the path if that is clear enough. */
    private static String shortened(String path, Set<String> paths) {
        String last = path.substring(path.lastIndexOf('.') + 1);
        long alike = paths.stream()
                .filter(other -> other.equals(last) || other.endsWith("." + last))
                .count();
        return alike > 1 ? path : last;
    }
}
