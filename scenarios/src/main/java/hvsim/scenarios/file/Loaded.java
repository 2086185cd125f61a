package hvsim.scenarios.file;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A scenario and all that it asks to be run, checked to the last point.
 *
 * @param base the scenario as it stands, before {@code compare} and {@code --vary}
 * @param points one without {@code --vary}
 * @param notes of all runs; that a key has no effect is said only where it has none in any run
 * @param digests SHA-256 of each file that was read, by the name that messages use; the scenario itself first
 */
public record Loaded(Configured base, List<Point> points, List<String> notes, Map<String, String> digests) {
    public MeasuredNames names() {
        return MeasuredNames.of(points);
    }

    /** The scenario of every run of every point. */
    public Stream<Scenario> runs() {
        return points.stream()
                .flatMap(point -> point.runs().stream())
                .map(run -> run.configured().scenario());
    }

    /**
     * One combination of the varied values.
     *
     * @param number from 0
     * @param varied path to value
     * @param runs the runs of {@code compare}, or one that is called {@code main}
     */
    public record Point(int number, Map<String, Object> varied, List<Run> runs) {}

    /**
     * One configuration to run.
     *
     * @param set what it changes of the base: path to value, varied ones first
     */
    public record Run(String name, Map<String, Object> set, Configured configured) {}
}
