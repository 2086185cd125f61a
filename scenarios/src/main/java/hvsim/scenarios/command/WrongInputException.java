package hvsim.scenarios.command;

import hvsim.scenarios.file.ScenarioException;
import java.util.List;

/** The command line, a scenario or a trace is wrong; nothing was run or written. Exit status 2. */
public final class WrongInputException extends Exception {
    private static final long serialVersionUID = 1L;

    private final List<String> lines;

    /** @param lines what to print on standard error, in order */
    public WrongInputException(List<String> lines) {
        super(String.join("\n", lines), null, false, false);
        this.lines = List.copyOf(lines);
    }

    WrongInputException(ScenarioException e) {
        this(e.lines());
    }

    List<String> lines() {
        return lines;
    }
}
