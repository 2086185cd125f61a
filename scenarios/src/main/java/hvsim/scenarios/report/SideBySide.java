package hvsim.scenarios.report;

import hvsim.scenarios.run.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Rows with one column for each run; what does not fit beside each other comes in blocks below each other. */
final class SideBySide {
    private static final int LABEL = 18;
    private static final int GAP = 2;
    private static final int NARROWEST = 10;
    private static final int WITH_SHARE = 19;
    private static final int SHARE = 8;
    private static final int MOST_WITH_SHARES = 3;
    private static final int MOST_IN_A_BLOCK = 6;

    /** So many columns stand beside each other, even if a word of a name has to be broken for it. */
    private static final int COLUMNS_AT_LEAST = 4;

    /**
     * A line of the table: either a headline or one cell and, where there is one, a share for each run.
     *
     * @param ofRun the one that a headline is about, or {@link #ALL}
     */
    private record Row(String label, List<String> cells, List<String> shares, int ofRun) {
        static final int ALL = -1;

        boolean isHeadline() {
            return cells.isEmpty();
        }

        boolean isAboutOneOf(int from, int to) {
            return ofRun == ALL || from <= ofRun && ofRun < to;
        }
    }

    private final List<RunResult> runs;
    private final List<String> names;
    private final List<Row> rows = new ArrayList<>();

    SideBySide(List<RunResult> runs) {
        this.runs = runs;
        Labels labels = new Labels(runs);
        names = runs.stream().map(labels::of).toList();
    }

    void headline(String text) {
        rows.add(new Row(text, List.of(), List.of(), Row.ALL));
    }

    /** A headline that stands where the run's column is. */
    void headline(RunResult run, String text) {
        rows.add(new Row(text, List.of(), List.of(), runs.indexOf(run)));
    }

    void row(String label, Function<RunResult, String> cell) {
        rows.add(new Row(label, runs.stream().map(cell).toList(), List.of(), Row.ALL));
    }

    void row(String label, Function<RunResult, String> cell, Function<RunResult, String> share) {
        rows.add(new Row(
                label,
                runs.stream().map(cell).toList(),
                runs.stream().map(share).toList(),
                Row.ALL));
    }

    void write(Page page) {
        int label = Math.max(
                LABEL,
                rows.stream()
                        .filter(row -> !row.isHeadline())
                        .mapToInt(row -> row.label().length())
                        .max()
                        .orElse(0));
        int longest = rows.stream()
                .flatMap(row -> row.cells().stream())
                .mapToInt(String::length)
                .max()
                .orElse(0);
        int shared = Math.max(WITH_SHARE, GAP + longest + SHARE);
        boolean shares = runs.size() <= MOST_WITH_SHARES && label + shared * runs.size() <= page.width();
        int readable = Math.min((page.width() - label) / COLUMNS_AT_LEAST, GAP + ColumnHeads.widestWord(names));
        int column = Math.max(readable, shares ? shared : Math.max(NARROWEST, GAP + longest));
        int inBlock = Math.max(1, Math.min(MOST_IN_A_BLOCK, (page.width() - label) / column));
        int room = (page.width() - label) / Math.min(inBlock, runs.size());
        int name = GAP + names.stream().mapToInt(String::length).max().orElse(0);
        int wide = Math.max(column, Math.min(room, name));
        for (int from = 0; from < runs.size(); from += inBlock) {
            if (from > 0) {
                page.blank();
            }
            block(page, from, Math.min(runs.size(), from + inBlock), label, wide, shares);
        }
    }

    private void block(Page page, int from, int to, int label, int column, boolean shares) {
        ColumnHeads.write(page, names.subList(from, to), label, column, GAP);
        for (Row row : rows) {
            if (!row.isAboutOneOf(from, to)) {
                continue;
            }
            if (row.isHeadline()) {
                page.paragraph(row.label(), GAP);
                continue;
            }
            boolean share = shares && !row.shares().isEmpty();
            StringBuilder line = new StringBuilder(Cells.left(row.label(), label));
            for (int i = from; i < to; i++) {
                line.append(Cells.right(row.cells().get(i), share ? column - SHARE : column));
                line.append(share ? Cells.right(row.shares().get(i), SHARE) : "");
            }
            page.line(line.toString());
        }
    }
}
