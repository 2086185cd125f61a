package hvsim.scenarios.file;

import java.util.List;

/** Says which lines of {@code expect} have no meaning; the loader reports them with all else that is wrong. */
@FunctionalInterface
public interface ExpectCheck {
    List<Mistake> mistakes(List<ExpectLine> lines, MeasuredNames names);

    /**
     * A line that has no meaning.
     *
     * @param offset where in the line, from 0
     * @param rule the rule or the choices
     */
    record Mistake(ExpectLine line, int offset, String what, String rule) {}
}
