package hvsim.scenarios.report;

import hvsim.scenarios.file.MeasuredNames;
import hvsim.scenarios.run.MetricTexts;
import hvsim.scenarios.run.Metrics;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metrics that CSV can have a column for: they depend on the scenario and the options, never on what happened. */
public final class CsvColumns {
    private static final String ANYTHING = "*";

    private final Metrics metrics;
    private final Metrics ofTheWhole;
    private final By by;

    /** @param by what a row stands for */
    public CsvColumns(MeasuredNames names, By by) {
        this.metrics = Metrics.of(names);
        this.ofTheWhole =
                Metrics.of(new MeasuredNames(Set.of(), names.tlbs(), Set.of(), Set.of(), Set.of(), names.devices()));
        this.by = by;
    }

    /** Those that nobody asked for: the ones that the dictionary marks, without what a part of a row did. */
    public List<String> defaults() {
        return ofTheWhole.paths(by.type()).stream()
                .filter(path ->
                        MetricTexts.of(path).filter(MetricTexts.Entry::isColumn).isPresent())
                .toList();
    }

    /**
     * Those whose path is like that, in the order of results.
     *
     * @param glob a path in which {@code *} stands for anything, dots among it
     */
    public List<String> like(String glob) {
        if (!glob.contains(ANYTHING)) {
            return metrics.kind(by.type(), glob).isPresent() ? List.of(glob) : List.of();
        }
        Pattern pattern = Pattern.compile(
                Stream.of(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
        return metrics.paths(by.type()).stream()
                .filter(path -> pattern.matcher(path).matches())
                .toList();
    }
}
