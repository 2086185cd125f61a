package hvsim.scenarios.file;

import java.util.List;

/** A scenario that cannot be run as it stands; the lines are for the user, and say all that is wrong. */
public final class ScenarioException extends Exception {
    private static final long serialVersionUID = 1L;

    private final List<String> lines;

    ScenarioException(List<String> lines) {
        super(String.join("\n", lines), null, false, false);
        this.lines = List.copyOf(lines);
    }

    /** What to print, in order, on standard error. */
    public List<String> lines() {
        return lines;
    }
}
