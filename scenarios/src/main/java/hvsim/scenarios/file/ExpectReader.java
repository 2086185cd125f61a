package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.ListNode;
import hvsim.scenarios.file.Node.MapNode;
import hvsim.scenarios.file.Node.ScalarNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code expect}, and reports the lines that have no meaning. */
final class ExpectReader {
    private final ExpectCheck check;
    private final Faults faults;

    ExpectReader(ExpectCheck check, Faults faults) {
        this.check = check;
        this.faults = faults;
    }

    static List<ExpectLine> read(Section top) {
        List<String> texts = top.list("expect", List.of(), Kind.TEXT);
        List<ExpectLine> lines = new ArrayList<>();
        if (top.has("expect")
                && top.node("expect") instanceof ListNode list
                && list.items().size() == texts.size()) {
            for (int i = 0; i < texts.size(); i++) {
                lines.add(line(texts.get(i), list.items().get(i).origin()));
            }
        }
        return lines;
    }

    private static ExpectLine line(String text, Origin at) {
        return new ExpectLine(text, at.place().shown(), at.line(), at.column());
    }

    /** @param doubtful groups whose names may not all be known: lines that could mean those are passed over */
    void check(MapNode tree, MeasuredNames names, Set<String> doubtful) {
        Map<ExpectLine, Origin> lines = new LinkedHashMap<>();
        if (tree.get("expect").orElse(null) instanceof ListNode list) {
            for (Node item : list.items()) {
                if (item instanceof ScalarNode text && !text.isNull() && !isAbout(doubtful, text.text())) {
                    lines.put(line(text.text(), text.origin()), text.origin());
                }
            }
        }
        for (ExpectCheck.Mistake mistake : check.mistakes(List.copyOf(lines.keySet()), names)) {
            Origin at = lines.getOrDefault(mistake.line(), tree.origin());
            faults.add(at.after(mistake.offset()), "expect", mistake.what(), mistake.rule());
        }
    }

    private static boolean isAbout(Set<String> doubtful, String line) {
        return doubtful.contains("extends")
                || doubtful.contains("compare")
                || doubtful.contains("machine") && line.contains("tlb.")
                || doubtful.contains("vms") && line.contains("vms.");
    }
}
