package hvsim.scenarios.file;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that is wrong with a scenario, so that all of it can be reported together. */
final class Faults {
    private static final int MOST_SHOWN = 100;

    private static final Comparator<Fault> BY_POSITION = Comparator.comparing((Fault f) -> f.at.isOption())
            .thenComparing(f -> f.rank)
            .thenComparing(f -> f.at.place().shown())
            .thenComparingInt(f -> f.at.line())
            .thenComparingInt(f -> f.at.column());

    private final String file;
    private final Map<List<String>, Fault> faults = new LinkedHashMap<>();
    private int added;

    private record Fault(int rank, Origin at, String text, String rule) {}

    /** @param file the scenario that was asked for, as messages call it */
    Faults(String file) {
        this.file = file;
    }

    /** @param path what the fault is about, if {@code what} does not name it; the same fault under another path is not reported again */
    void add(Origin at, String path, String what, String rule) {
        add(at, path.isEmpty() ? what : path + ": " + what, List.of(at.shown(), what, rule), rule);
    }

    /** @param what a whole sentence that names what it is about */
    void add(Origin at, String what, String rule) {
        add(at, what, List.of(at.shown(), what, rule), rule);
    }

    private void add(Origin at, String text, List<String> identity, String rule) {
        added++;
        int rank = at.place().shown().equals(file) ? 0 : 1;
        faults.putIfAbsent(identity, new Fault(rank, at, text, rule));
    }

    /** Grows with each fault, also with those already known. */
    int added() {
        return added;
    }

    /** The first in the file, without its place; empty if there is none. */
    String first() {
        return faults.values().stream().min(BY_POSITION).map(Fault::text).orElse("");
    }

    void throwIfAny() throws ScenarioException {
        if (!faults.isEmpty()) {
            throw new ScenarioException(lines());
        }
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        faults.values().stream().sorted(BY_POSITION).limit(MOST_SHOWN).forEach(fault -> {
            lines.add(fault.at.shown() + ": error: " + fault.text);
            if (!fault.rule.isEmpty()) {
                lines.add("    " + fault.rule);
            }
        });
        if (faults.size() > MOST_SHOWN) {
            lines.add("and " + Text.grouped(faults.size() - MOST_SHOWN) + " more");
        }
        String errors = faults.size() == 1 ? "1 error" : Text.grouped(faults.size()) + " errors";
        lines.add(errors + " in " + file + "; nothing was run");
        return lines;
    }
}
