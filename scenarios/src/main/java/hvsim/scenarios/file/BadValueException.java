package hvsim.scenarios.file;

/** A value that cannot be read as what its key asks for: what is wrong, and the rule or the choices. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String rule;

    /** @param rule what would be right; empty if {@code what} already says it */
    BadValueException(String what, String rule) {
        super(what, null, false, false);
        this.what = what;
        this.rule = rule;
    }

    String what() {
        return what;
    }

    String rule() {
        return rule;
    }
}
