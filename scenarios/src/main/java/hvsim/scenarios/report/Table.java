package hvsim.scenarios.report;

import java.util.ArrayList;
import java.util.List;

/** Rows under heads in columns as wide as their cells; columns that matter least go where the page is narrow. */
public final class Table {
    /**
     * One column.
     *
     * @param heads one word for each line of the head; may reach into the gap
     * @param gap blanks before it
     * @param width least width of its cells
     * @param left whether cells start at the left
     * @param dispensable 0 where it always stays; the highest number goes first
     */
    public record Column(List<String> heads, int gap, int width, boolean left, int dispensable) {
        public static Column left(String head, int gap, int width) {
            return new Column(List.of(head), gap, width, true, 0);
        }

        public static Column right(String head, int gap, int width, int dispensable) {
            return new Column(List.of(head), gap, width, false, dispensable);
        }

        public static Column right(String upper, String lower, int gap, int width, int dispensable) {
            return new Column(List.of(upper, lower), gap, width, false, dispensable);
        }

        private String placed(String cell, int cellWidth) {
            return left
                    ? " ".repeat(gap) + cell + " ".repeat(Math.max(0, cellWidth - cell.length()))
                    : " ".repeat(Math.max(0, gap + cellWidth - cell.length())) + cell;
        }
    }

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    public void row(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        rows.add(List.copyOf(cells));
    }

    /** The head and the rows, at most {@code width} wide where the indispensable columns allow it. */
    public List<String> lines(int width) {
        List<Integer> shown = shown(width);
        List<String> lines = new ArrayList<>();
        int heads =
                columns.stream().mapToInt(column -> column.heads().size()).max().orElse(0);
        for (int i = 0; i < heads; i++) {
            int line = i;
            lines.add(line(
                    shown,
                    columns.stream()
                            .map(c -> line < c.heads().size() ? c.heads().get(line) : "")
                            .toList()));
        }
        rows.forEach(row -> lines.add(line(shown, row)));
        return lines;
    }

    /** How wide the columns are together. */
    int width() {
        return width(allColumns());
    }

    private List<Integer> shown(int width) {
        List<Integer> shown = allColumns();
        while (width(shown) > width) {
            int last = -1;
            for (int i = 0; i < shown.size(); i++) {
                int rank = columns.get(shown.get(i)).dispensable();
                if (rank > 0
                        && (last < 0 || rank >= columns.get(shown.get(last)).dispensable())) {
                    last = i;
                }
            }
            if (last < 0) {
                return shown;
            }
            shown.remove(last);
        }
        return shown;
    }

    private List<Integer> allColumns() {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            all.add(i);
        }
        return all;
    }

    private int width(List<Integer> shown) {
        return shown.stream().mapToInt(i -> columns.get(i).gap() + cellWidth(i)).sum();
    }

    private int cellWidth(int column) {
        int longest =
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        return Math.max(longest, columns.get(column).width());
    }

    private String line(List<Integer> shown, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i : shown) {
            line.append(columns.get(i).placed(cells.get(i), cellWidth(i)));
        }
        return line.toString().stripTrailing();
    }
}
