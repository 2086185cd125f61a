package hvsim.scenarios.explain;

import hvsim.scenarios.report.Page;
import java.util.List;

/** A page of an answer: a headline, then names with what they are. */
final class Sheet {
    private static final int NAME_WIDTH = 16;

    private final Page page;
    private boolean begun;

    Sheet(int width) {
        page = new Page(width);
    }

    void headline(String line) {
        if (begun) {
            page.blank();
        }
        begun = true;
        page.paragraph(line, 2);
    }

    /** Nothing is written of what is empty. */
    void tell(String name, String what) {
        if (!what.isEmpty()) {
            page.paragraph("  " + name + " ".repeat(Math.max(1, NAME_WIDTH - name.length())) + what, NAME_WIDTH + 2);
        }
    }

    void section(String head, List<String> lines) {
        page.blank();
        page.paragraph(head, 0);
        page.lines(lines);
    }

    /** Sentences of any length under a head. */
    void sentences(String head, List<String> sentences) {
        page.blank();
        page.paragraph(head, 2);
        sentences.forEach(sentence -> page.paragraph("  " + sentence, 4));
    }

    int width() {
        return page.width();
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
