package hvsim.scenarios.report;

import java.util.ArrayList;
import java.util.List;

/** Names above columns. One that is wider than its column is broken into lines that end just above the table. */
final class ColumnHeads {
    private static final String BETWEEN_WORDS = " _-,=.";

    private ColumnHeads() {}

    /**
     * @param label width of the lines' own names, to the left of all columns
     * @param gap least distance between two columns
     */
    static void write(Page page, List<String> names, int label, int column, int gap) {
        List<List<String>> broken =
                names.stream().map(name -> pieces(name, column - gap)).toList();
        int height = broken.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < height; i++) {
            StringBuilder line = new StringBuilder(" ".repeat(label));
            for (List<String> name : broken) {
                int piece = i - (height - name.size());
                line.append(Cells.right(piece < 0 ? "" : name.get(piece), column));
            }
            page.line(line.toString());
        }
    }

    /** The width that a column needs, so that no name is broken within a word. */
    static int widestWord(List<String> names) {
        int widest = 0;
        for (String name : names) {
            int width = 0;
            for (int i = 0; i < name.length(); i++) {
                width++;
                widest = Math.max(widest, width);
                width = BETWEEN_WORDS.indexOf(name.charAt(i)) < 0 ? width : 0;
            }
        }
        return widest;
    }

    /** Ends each piece after a sign between words if there is one. */
    private static List<String> pieces(String name, int width) {
        List<String> pieces = new ArrayList<>();
        String rest = name;
        while (rest.length() > width) {
            int end = width;
            while (end > 0 && BETWEEN_WORDS.indexOf(rest.charAt(end - 1)) < 0) {
                end--;
            }
            String piece = rest.substring(0, end > 0 ? end : width);
            pieces.add(piece.strip());
            rest = rest.substring(piece.length());
        }
        pieces.add(rest);
        return pieces;
    }
}
