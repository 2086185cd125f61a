package hvsim.scenarios.expect;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * A line of {@code expect} that is understood.
 *
 * @param within how far from the right side still counts as equal to it, as a share of it
 */
record Expectation(Operand left, Operator operator, Operand right, BigDecimal within) {
    /** What came out in one run; an undefined value never holds. */
    record Verdict(boolean holds, Optional<Comparable<?>> left, Optional<Comparable<?>> right) {}

    /** Whether the line speaks of every run rather than of runs it names. */
    boolean isOfEveryRun() {
        return isOfEveryRun(left) || isOfEveryRun(right);
    }

    private static boolean isOfEveryRun(Operand operand) {
        return operand instanceof Operand.Metric metric && metric.run().isEmpty();
    }

    /** @param current the run that paths without a run's name lead into */
    Verdict judge(List<Judged> runs, Judged current) {
        Optional<Comparable<?>> leftValue = left.value(runs, current);
        Optional<Comparable<?>> rightValue = right.value(runs, current);
        boolean holds = leftValue.isPresent() && rightValue.isPresent() && holds(leftValue.get(), rightValue.get());
        return new Verdict(holds, leftValue, rightValue);
    }

    private boolean holds(Comparable<?> leftValue, Comparable<?> rightValue) {
        if (leftValue instanceof BigDecimal number && rightValue instanceof BigDecimal other) {
            boolean near = number.subtract(other).abs().compareTo(other.abs().multiply(within)) <= 0;
            return operator.ranks()
                    ? operator.holds(number.compareTo(other)) || allows(near)
                    : operator.holds(near ? 0 : 1);
        }
        return operator.holds(leftValue.equals(rightValue) ? 0 : 1);
    }

    /** Without a tolerance, near means equal, which the operator itself judges. */
    private boolean allows(boolean near) {
        return near && within.signum() > 0;
    }
}
