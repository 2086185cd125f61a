package hvsim.scenarios.explain;

/** A question that has no answer, because something in it does not exist. */
public final class QuestionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String rule;

    /** @param rule what would be right; empty if the message already says it */
    QuestionException(String what, String rule) {
        super(what, null, false, false);
        this.what = what;
        this.rule = rule;
    }

    public String what() {
        return what;
    }

    public String rule() {
        return rule;
    }
}
