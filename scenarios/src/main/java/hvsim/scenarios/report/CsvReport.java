package hvsim.scenarios.report;

import hvsim.scenarios.file.MeasuredNames;
import hvsim.scenarios.run.MetricTexts;
import hvsim.scenarios.run.Metrics;
import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.ResultTree;
import hvsim.scenarios.run.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** CSV (RFC 4180, line feeds): one row a run; the columns depend on the scenario, not on what happened. */
final class CsvReport {
    private static final List<String> IDENTITY = List.of("point", "run", "replicate", "seed", "error");
    private final Result result;
    private final Configuration configuration;

    private CsvReport(Result result) {
        this.result = result;
        configuration = new Configuration(result);
    }

    static String of(Result result) {
        return new CsvReport(result).text();
    }

    private String text() {
        List<String> metrics = metrics();
        List<String> head = new ArrayList<>(IDENTITY);
        head.addAll(configuration.varied());
        head.addAll(metrics);
        StringBuilder text = new StringBuilder(row(head));
        result.runs().forEach(run -> text.append(row(cells(run, metrics))));
        return text.toString();
    }

    private List<String> metrics() {
        Set<String> tlbs = new LinkedHashSet<>();
        result.runs().forEach(run -> tlbs.addAll(run.counts().tlb().keySet()));
        return Metrics.of(new MeasuredNames(Set.of(), tlbs, Set.of(), Set.of(), Set.of())).paths().stream()
                .filter(path ->
                        MetricTexts.of(path).filter(MetricTexts.Entry::isColumn).isPresent())
                .toList();
    }

    private List<String> cells(RunResult run, List<String> metrics) {
        List<String> cells = new ArrayList<>(List.of(
                Integer.toString(run.point()),
                run.run(),
                Integer.toString(run.replicate()),
                Long.toString(run.seed()),
                ""));
        configuration.varied().forEach(path -> cells.add(configuration.text(run, path)));
        JsonNode tree = ResultTree.of(run);
        metrics.forEach(path -> cells.add(value(tree, path)));
        return cells;
    }

    /** A reason that did not occur counts 0; what is undefined stays empty. */
    private static String value(JsonNode tree, String path) {
        JsonNode at = tree.at("/" + path.replace('.', '/'));
        if (at.isMissingNode()) {
            return path.startsWith("exits.") ? "0" : "";
        }
        return at.isDouble() ? Digits.significant(at.doubleValue()).toPlainString() : at.asString("");
    }

    private static String row(List<String> cells) {
        return String.join(",", cells.stream().map(CsvReport::quoted).toList()) + "\n";
    }

    private static String quoted(String cell) {
        boolean plain =
                cell.indexOf(',') < 0 && cell.indexOf('"') < 0 && cell.indexOf('\n') < 0 && cell.indexOf('\r') < 0;
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
