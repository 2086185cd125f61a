package hvsim.scenarios.validation;

import hvsim.scenarios.report.Digits;
import java.util.List;
import java.util.Locale;

/** Nanobenchmarks in Markdown: cycles, and the ratios between them, below the heading of the page. */
record NanobenchmarkTables(List<Nanobenchmark> benchmarks) {
    private static final TableOnPage CYCLES = new TableOnPage("Nanobenchmarks of 2006", """

        | rows | operation | native | model | software | model | hardware | model |
        |---|---|--:|--:|--:|--:|--:|--:|
        """);

    private static final TableOnPage RATIOS = new TableOnPage("Nanobenchmarks of 2006", """

        | rows | operation | ratio | published | model | factor |
        |---|---|---|--:|--:|--:|
        """);

    private static final String CYCLES_SUMMARY =
            "Software is binary translation, hardware is VT-x, both with shadow tables. The ratios of these figures:";

    /** The page with both tables as the model has them now. */
    String into(String page) {
        return RATIOS.write(CYCLES.write(page, cycles(), CYCLES_SUMMARY), ratios(), summary());
    }

    private String cycles() {
        StringBuilder rows = new StringBuilder();
        for (Nanobenchmark one : benchmarks) {
            rows.append("| " + one.row(Nanobenchmark.Way.NATIVE) + " to " + one.row(Nanobenchmark.Way.HARDWARE) + " | "
                    + one.operation().text());
            for (Nanobenchmark.Way way : Nanobenchmark.Way.values()) {
                rows.append(" | " + Digits.fixed(one.published().get(way.ordinal()), 0) + " | "
                        + Digits.fixed(one.model().get(way.ordinal()), 0));
            }
            rows.append(" |\n");
        }
        return rows.toString();
    }

    List<PublishedRatio> all() {
        return benchmarks.stream().flatMap(one -> one.ratios().stream()).toList();
    }

    private String ratios() {
        StringBuilder rows = new StringBuilder();
        all().forEach(ratio -> rows.append(row(ratio)));
        return rows.toString();
    }

    private static String row(PublishedRatio ratio) {
        Nanobenchmark one = ratio.benchmark();
        return "| " + one.row(ratio.of()) + " / " + one.row(ratio.to())
                + " | " + one.operation().text()
                + " | " + word(ratio.of()) + " : " + word(ratio.to())
                + " | " + digits(ratio.published())
                + " | " + digits(ratio.model())
                + " | " + Digits.fixed(ratio.factor(), 2)
                + (ratio.isWithinBounds() ? "" : " **miss**")
                + " |\n";
    }

    private static String word(Nanobenchmark.Way way) {
        return way.name().toLowerCase(Locale.ROOT);
    }

    private static String digits(double ratio) {
        return Digits.fixed(ratio, ratio < 100 ? 2 : 0);
    }

    private String summary() {
        return "Of " + all().size() + " ratios "
                + all().stream().filter(PublishedRatio::agreesInDirection).count()
                + " have the published direction, "
                + all().stream().filter(PublishedRatio::isWithinBounds).count() + " are within a factor of 1.5, and "
                + all().stream().filter(PublishedRatio::isClose).count() + " within 25 %.";
    }
}
