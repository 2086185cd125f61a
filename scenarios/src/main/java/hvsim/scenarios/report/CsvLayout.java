package hvsim.scenarios.report;

import java.util.List;

/**
 * How CSV is drawn.
 *
 * @param metrics paths of its columns
 * @param isLong one row for each value, in place of one column for each metric
 */
public record CsvLayout(List<String> metrics, boolean isLong) {
    public CsvLayout {
        metrics = List.copyOf(metrics);
    }
}
