package hvsim.scenarios.knees;

import hvsim.scenarios.report.Digits;
import java.util.Map;
import java.util.OptionalInt;

/** Published figures beside the model's, in Markdown. */
record KneesTable(String rows) {
    private static final String HEAD = """
            | machine | first knee, pages | second knee, pages | second-level hit, cycles | walk, cycles | rows |
            |---|---|---|---|---|---|
            """;
    private static final String TAIL = "\nA knee is between";

    static KneesTable of(Map<Published, ChaseCurve> curves) {
        StringBuilder rows = new StringBuilder();
        curves.forEach((published, curve) -> rows.append(row(published, curve)));
        return new KneesTable(rows.toString());
    }

    /** The page with these rows in the place of its own. */
    String into(String page) {
        int from = page.indexOf(HEAD);
        int to = page.indexOf(TAIL, from);
        if (from < 0 || to < 0) {
            throw new IllegalStateException("the page has no table of knees");
        }
        return page.substring(0, from) + HEAD + rows + page.substring(to);
    }

    private static String row(Published published, ChaseCurve curve) {
        OptionalInt second = published.secondEntries();
        int first = curve.knee(0);
        String secondKnee =
                second.isPresent() ? knee(second.getAsInt(), curve, curve.knee(curve.at(second.getAsInt()))) : "none";
        String hit = second.isPresent() ? cycles(published.hitCycles(), curve.at(second.getAsInt())) : "none";
        return "| " + published.preset()
                + " | " + knee(published.firstEntries(), curve, first)
                + " | " + secondKnee
                + " | " + hit
                + " | " + cycles(published.walkCycles(), curve.at(ChaseCurve.MOST_PAGES))
                + " | " + published.rows()
                + " |\n";
    }

    private static String knee(int published, ChaseCurve curve, int knee) {
        return Digits.grouped(published) + " / " + Digits.grouped(knee) + ".." + Digits.grouped(curve.after(knee));
    }

    private static String cycles(OptionalInt published, double model) {
        String shown = Digits.fixed(model, 1);
        if (published.isEmpty()) {
            return "- / " + shown;
        }
        double error = model / published.getAsInt() - 1;
        return published.getAsInt() + " / " + shown + " (" + (error < 0 ? "" : "+") + Digits.percent(error, 1) + ")";
    }
}
