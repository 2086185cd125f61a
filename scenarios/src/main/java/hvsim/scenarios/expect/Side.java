package hvsim.scenarios.expect;

import java.math.BigDecimal;

/**
 * One side of an expectation as written: a number, a word, or a metric that may be multiplied.
 *
 * @param factor the number itself, or what the metric is multiplied by
 * @param percent whether the number was written as percent; {@code factor} is the share
 * @param word a metric's path or a word such as {@code equal}; empty for a number
 * @param offset where it starts in the line, from 0
 */
record Side(BigDecimal factor, boolean percent, String word, int offset) {
    boolean isNumber() {
        return word.isEmpty();
    }
}
