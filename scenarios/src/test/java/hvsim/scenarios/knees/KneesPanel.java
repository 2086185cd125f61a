package hvsim.scenarios.knees;

import static hvsim.scenarios.knees.KneesPicture.pixels;

import hvsim.scenarios.report.Digits;

/** One machine's curve with its axes: pages to the base of 2, cycles. */
final class KneesPanel {
    private static final double LEFT = 24;
    private static final double RIGHT = 232;
    private static final double TOP = 34;
    private static final double BOTTOM = 140;
    private static final int OCTAVES = 10;

    private final StringBuilder svg;

    KneesPanel(StringBuilder svg) {
        this.svg = svg;
    }

    void draw(Published published, ChaseCurve curve) {
        double most = curve.at(ChaseCurve.MOST_PAGES);
        double scale = (BOTTOM - TOP) / (most <= 30 ? 30 : most * 1.1);
        text(LEFT, 12, "start", "<tspan font-weight=\"bold\">" + published.preset() + "</tspan>");
        axes();
        entries(published.firstEntries());
        published.secondEntries().ifPresent(this::entries);
        line(curve, scale);
        published.secondEntries().ifPresent(entries -> plateau(entries, curve.at(entries), scale));
        plateau(ChaseCurve.MOST_PAGES, most, scale);
    }

    private void axes() {
        path("M" + pixels(LEFT) + " " + pixels(TOP) + "V" + pixels(BOTTOM) + "H" + pixels(RIGHT), "#999", "");
        for (int octave = 0; octave <= OCTAVES; octave += 2) {
            int pages = ChaseCurve.FEWEST_PAGES << octave;
            text(x(pages), BOTTOM + 12, "middle", Digits.grouped(pages));
        }
        text(LEFT - 4, BOTTOM + 2, "end", "0");
        text((LEFT + RIGHT) / 2, BOTTOM + 24, "middle", "pages");
        svg.append("<text transform=\"translate(14 " + pixels((TOP + BOTTOM) / 2)
                + ") rotate(-90)\" text-anchor=\"middle\">cycles</text>\n");
    }

    private void entries(int entries) {
        String x = pixels(x(entries));
        path("M" + x + " " + pixels(TOP) + "V" + pixels(BOTTOM), "#c60", " stroke-dasharray=\"3 3\"");
        svg.append("<text x=\"" + x + "\" y=\"" + pixels(TOP - 3) + "\" text-anchor=\"middle\" fill=\"#a40\">"
                + Digits.grouped(entries) + "</text>\n");
    }

    private void line(ChaseCurve curve, double scale) {
        StringBuilder points = new StringBuilder();
        curve.cost()
                .forEach((pages, cost) -> points.append(points.isEmpty() ? 'M' : 'L')
                        .append(pixels(x(pages)))
                        .append(' ')
                        .append(pixels(BOTTOM - cost * scale)));
        path(points.toString(), "#06c", " stroke-width=\"1.6\" stroke-linejoin=\"round\"");
    }

    private void plateau(int pages, double cost, double scale) {
        text(x(pages) - 3, BOTTOM - cost * scale - 4, "end", Digits.fixed(cost, cost == StrictMath.rint(cost) ? 0 : 1));
    }

    private void path(String data, String colour, String more) {
        svg.append("<path d=\"" + data + "\" fill=\"none\" stroke=\"" + colour + "\"" + more + "/>\n");
    }

    private void text(double x, double y, String anchor, String words) {
        svg.append("<text x=\"" + pixels(x) + "\" y=\"" + pixels(y) + "\" text-anchor=\"" + anchor + "\">" + words
                + "</text>\n");
    }

    private static double x(int pages) {
        double octaves = StrictMath.log((double) pages / ChaseCurve.FEWEST_PAGES) / StrictMath.log(2);
        return LEFT + octaves * (RIGHT - LEFT) / OCTAVES;
    }
}
