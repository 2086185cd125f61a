package hvsim.scenarios.command;

/** An option or argument is wrong in itself; the command's name goes before the message. Exit status 2. */
final class WrongOptionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String rule;

    /** @param rule what would be right; empty if the message already says it */
    WrongOptionException(String what, String rule) {
        super(what, null, false, false);
        this.rule = rule;
    }

    String rule() {
        return rule;
    }
}
