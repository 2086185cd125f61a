package hvsim.scenarios.report;

import java.util.List;

/**
 * How CSV is drawn.
 *
 * @param metrics paths of its columns
 * @param isLong one row for each value, in place of one column for each metric
 */
public record CsvLayout(List<String> metrics, boolean isLong) {
    /** Where none is drawn. */
    public static final CsvLayout NONE = new CsvLayout(List.of(), false);

    public CsvLayout {
        metrics = List.copyOf(metrics);
    }
}
