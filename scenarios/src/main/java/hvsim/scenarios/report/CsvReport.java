package hvsim.scenarios.report;

import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.ResultTree;
import hvsim.scenarios.run.RunResult;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** CSV (RFC 4180, line feeds): one row a run or a part of it, or in the long form one for each value of these. */
final class CsvReport {
    private static final List<String> IDENTITY = List.of("point", "run", "replicate", "seed", "error");
    private static final List<String> VALUE = List.of("metric", "value");

    private final Result result;
    private final Configuration configuration;
    private final By by;
    private final CsvLayout layout;
    private final StringBuilder text = new StringBuilder();

    private CsvReport(Result result, Layout layout) {
        this.result = result;
        this.configuration = new Configuration(result);
        this.by = layout.by();
        this.layout = layout.csv();
    }

    static String of(Result result, Layout layout) {
        CsvReport report = new CsvReport(result, layout);
        report.write();
        return report.text.toString();
    }

    private void write() {
        List<String> head = new ArrayList<>(IDENTITY);
        head.addAll(configuration.varied());
        row(head, CsvPart.heads(by), layout.isLong() ? VALUE : layout.metrics());
        for (RunResult run : result.runs()) {
            List<String> identity = identity(run);
            CsvPart.of(by, ResultTree.of(run)).forEach(part -> write(identity, part));
        }
    }

    private void write(List<String> run, CsvPart part) {
        if (!layout.isLong()) {
            row(
                    run,
                    part.names(),
                    layout.metrics().stream()
                            .map(path -> value(part.counts(), path))
                            .toList());
            return;
        }
        layout.metrics().forEach(path -> row(run, part.names(), List.of(path, value(part.counts(), path))));
    }

    private List<String> identity(RunResult run) {
        List<String> cells = new ArrayList<>(List.of(
                Integer.toString(run.point()),
                run.run(),
                Integer.toString(run.replicate()),
                Long.toString(run.seed()),
                ""));
        configuration.varied().forEach(path -> cells.add(configuration.text(run, path)));
        return cells;
    }

    /** A reason that did not occur counts 0; what is undefined stays empty. */
    private static String value(JsonNode tree, String path) {
        JsonNode at = tree;
        for (String key : path.split("\\.", -1)) {
            at = at.path(key);
        }
        if (at.isMissingNode()) {
            return path.startsWith("exits.") || path.contains(".exits.") ? "0" : "";
        }
        return at.isDouble() ? Digits.significant(at.doubleValue()).toPlainString() : at.asString("");
    }

    @SafeVarargs
    private void row(List<String>... cells) {
        List<String> all = new ArrayList<>();
        for (List<String> some : cells) {
            some.forEach(cell -> all.add(quoted(cell)));
        }
        text.append(String.join(",", all)).append('\n');
    }

    private static String quoted(String cell) {
        boolean plain =
                cell.indexOf(',') < 0 && cell.indexOf('"') < 0 && cell.indexOf('\n') < 0 && cell.indexOf('\r') < 0;
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
