package hvsim.scenarios.validation;

import hvsim.scenarios.report.Digits;
import java.util.List;
import java.util.Locale;

/** Published figures beside the model's, in Markdown, under a heading of the page. */
record ValidationTable(String heading, List<Comparison> compared) {
    private static final String HEAD = """

        | row | operation | machine | settings | published | model | error | kind |
        |---|---|---|---|---|---|---|---|
        """;

    /** The page with this table in the place of what follows the heading, up to the end of that paragraph. */
    String into(String page) {
        return new TableOnPage(heading, HEAD).write(page, rows(), summary());
    }

    private String rows() {
        StringBuilder rows = new StringBuilder();
        compared.forEach(comparison -> rows.append(row(comparison)));
        return rows.toString();
    }

    private static String row(Comparison comparison) {
        Published published = comparison.published();
        double error = comparison.error();
        return "| " + published.row()
                + " | " + published.operation().text()
                + " | " + published.conditions().preset()
                + " | " + settings(published.conditions().settings())
                + " | " + Digits.fixed(published.cycles(), 0)
                + " | " + Digits.fixed(comparison.model(), 0)
                + " | " + (error < 0 ? "" : "+") + Digits.percent(error, 1)
                + (comparison.isClose() ? "" : " **miss**")
                + " | " + published.kind().name().toLowerCase(Locale.ROOT)
                + " |\n";
    }

    private static String settings(List<String> settings) {
        List<String> quoted = settings.stream()
                .map(s -> "`" + s.substring("hypervisor.".length()) + "`")
                .toList();
        return String.join(" ", quoted);
    }

    private String summary() {
        return "Of " + Comparison.predictions(compared) + " predicted rows " + Comparison.hits(compared)
                + " are within 25 %. The model has "
                + Comparison.figures(compared).size()
                + " different figures for them, of which " + Comparison.closeFigures(compared)
                + " are within 25 % of every row that they stand for.";
    }
}
