package hvsim.scenarios.report;

import java.util.ArrayList;
import java.util.List;

/** Text that is being written: lines of at most a width, broken at blanks, free of control characters. */
public final class Page {
    private final StringBuilder text = new StringBuilder();
    private final int width;

    public Page(int width) {
        this.width = width;
    }

    public int width() {
        return width;
    }

    public void blank() {
        text.append('\n');
    }

    /** A line that may be broken at blanks; what follows the first break is indented. */
    public void paragraph(String sentence, int indent) {
        lines(broken(sentence, indent));
    }

    /** The lines that {@link #paragraph} would write. */
    List<String> broken(String sentence, int indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int margin = sentence.length() - sentence.stripLeading().length();
        line.append(" ".repeat(margin));
        String blank = "";
        for (String word : sentence.substring(margin).split(" ", -1)) {
            if (!line.toString().isBlank() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
                line.append(" ".repeat(indent)).append(word);
            } else {
                line.append(blank).append(word);
            }
            blank = " ";
        }
        lines.add(line.toString());
        return lines;
    }

    /** One line as it is, colours and all. */
    void coloured(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    /** One line, however long. */
    public void line(String line) {
        coloured(printable(line));
    }

    public void lines(List<String> lines) {
        lines.forEach(this::line);
    }

    /** Names and titles come from files: an escape sequence in them must not reach a terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
