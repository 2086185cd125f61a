package hvsim.scenarios.explain;

import hvsim.scenarios.run.MetricTexts;
import java.util.List;

/** What a metric of a result means. */
final class MetricSheet {
    private MetricSheet() {}

    /** The metrics that a path, its last word, or a group of paths can mean. */
    static List<String> find(String word) {
        return MetricTexts.find(word);
    }

    static void write(String form, Sheet sheet) {
        MetricTexts.Entry entry = MetricTexts.of(form).orElseThrow();
        sheet.headline(form + ": a metric");
        sheet.tell("unit", entry.unit());
        sheet.tell("means", entry.text());
        sheet.tell("CSV", entry.isColumn() ? "a column of its own" : "");
        sheet.tell("source", "docs/counters.md");
    }
}
