package hvsim.scenarios.expect;

import java.util.Optional;

/** How the two sides of an expectation are compared. */
public enum Operator {
    AT_MOST("<="),
    AT_LEAST(">="),
    EQUAL("=="),
    DIFFERENT("!="),
    LESS("<"),
    MORE(">");

    private final String sign;

    Operator(String sign) {
        this.sign = sign;
    }

    public String sign() {
        return sign;
    }

    /** The one that the text goes on with at that place; the longer signs come first. */
    static Optional<Operator> at(String text, int index) {
        for (Operator operator : values()) {
            if (text.startsWith(operator.sign, index)) {
                return Optional.of(operator);
            }
        }
        return Optional.empty();
    }

    /** @param order of the left side to the right one, as a comparator gives it */
    boolean holds(int order) {
        return switch (this) {
            case AT_MOST -> order <= 0;
            case AT_LEAST -> order >= 0;
            case EQUAL -> order == 0;
            case DIFFERENT -> order != 0;
            case LESS -> order < 0;
            case MORE -> order > 0;
        };
    }

    /** Whether the order matters, not only whether both are the same. */
    boolean ranks() {
        return this != EQUAL && this != DIFFERENT;
    }
}
