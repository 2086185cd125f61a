package hvsim.scenarios.command;

import hvsim.scenarios.file.MeasuredNames;
import hvsim.scenarios.report.By;
import hvsim.scenarios.report.CsvColumns;
import hvsim.scenarios.report.CsvLayout;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** What only CSV asks. */
final class CsvOptions {
    @Option(
            names = "--columns",
            split = ",",
            paramLabel = "GLOB",
            description = "Metrics that CSV shows, such as exits.*.samples; several with commas. Default: those that"
                    + " hvsim list metrics marks.")
    private List<String> columns = new ArrayList<>();

    @Option(names = "--long", description = "CSV with a row for each value, under metric and value.")
    private boolean longForm;

    /**
     * @param by what a row stands for
     * @param written whether there will be any CSV
     */
    CsvLayout layout(MeasuredNames names, By by, boolean written) {
        if (written) {
            CsvColumns all = new CsvColumns(names, by);
            return new CsvLayout(columns.isEmpty() ? all.defaults() : chosen(all), longForm);
        }
        if (longForm || !columns.isEmpty()) {
            throw new WrongOptionException(
                    (longForm ? "--long" : "--columns") + " is for CSV", "use --format csv, or --out FILE.csv");
        }
        return CsvLayout.NONE;
    }

    private List<String> chosen(CsvColumns all) {
        Set<String> chosen = new LinkedHashSet<>();
        for (String glob : columns) {
            List<String> like = all.like(glob);
            if (like.isEmpty()) {
                throw new WrongOptionException("--columns: no metric is like '" + glob + "'", "see hvsim list metrics");
            }
            chosen.addAll(like);
        }
        return List.copyOf(chosen);
    }
}
