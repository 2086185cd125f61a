package hvsim.scenarios.run;

import java.util.List;

/** A scenario turned out not to be runnable, such as a guest that needs more memory than it has. */
public final class UnrunnableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final List<String> lines;

    UnrunnableException(String what, String rule) {
        super(what, null, false, false);
        lines = List.of(what, "    " + rule);
    }

    /** What to print on standard error, in order. */
    public List<String> lines() {
        return lines;
    }
}
