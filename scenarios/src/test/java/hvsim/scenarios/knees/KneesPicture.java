package hvsim.scenarios.knees;

import hvsim.scenarios.report.Digits;
import java.util.Map;

/** A small panel for each machine: cycles by working set, the published entries as dashed lines. */
final class KneesPicture {
    private static final int COLUMNS = 3;
    private static final int WIDTH = 260;
    private static final int HEIGHT = 184;
    private static final int TOP = 60;
    private static final int LEFT = 24;

    private KneesPicture() {}

    /** SVG; lines end in \n. */
    static String of(Map<Published, ChaseCurve> curves) {
        int rows = (curves.size() + COLUMNS - 1) / COLUMNS;
        int width = LEFT + COLUMNS * WIDTH;
        int height = TOP + rows * HEIGHT + 8;
        StringBuilder svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width
                + "\" height=\"" + height + "\" viewBox=\"0 0 " + width + " " + height
                + "\" font-family=\"sans-serif\" font-size=\"10\" fill=\"#333\">\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        svg.append("<text x=\"24\" y=\"20\" font-size=\"14\">A pointer chase over growing working sets</text>\n");
        svg.append("<text x=\"24\" y=\"36\">Cycles that a reference costs beyond its own, by 4 KiB pages of the working"
                + " set. Dashed: published entries of the data TLBs.</text>\n");
        int index = 0;
        for (Map.Entry<Published, ChaseCurve> each : curves.entrySet()) {
            int x = LEFT + index % COLUMNS * WIDTH;
            int y = TOP + index / COLUMNS * HEIGHT;
            svg.append("<g transform=\"translate(" + x + " " + y + ")\">\n");
            new KneesPanel(svg).draw(each.getKey(), each.getValue());
            svg.append("</g>\n");
            index++;
        }
        return svg.append("</svg>\n").toString();
    }

    /** Pixels with one decimal, the same text on every JDK. */
    static String pixels(double value) {
        return Digits.fixed(value, 1).replace(",", "");
    }
}
