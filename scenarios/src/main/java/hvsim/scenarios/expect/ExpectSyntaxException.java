package hvsim.scenarios.expect;

/** A line of {@code expect} that has no meaning: where, what is wrong, and the rule or the choices. */
final class ExpectSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final String what;
    private final String rule;

    ExpectSyntaxException(int offset, String what, String rule) {
        super(what, null, false, false);
        this.offset = offset;
        this.what = what;
        this.rule = rule;
    }

    /** Where in the line, from 0. */
    int offset() {
        return offset;
    }

    String what() {
        return what;
    }

    String rule() {
        return rule;
    }
}
