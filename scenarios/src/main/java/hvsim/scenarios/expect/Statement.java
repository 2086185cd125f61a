package hvsim.scenarios.expect;

import java.math.BigDecimal;

/**
 * A line of {@code expect} taken apart, before its metrics are looked up.
 *
 * @param within how far from the right side still counts as equal to it, as a share of it
 * @param claim the line without the reason why it is so
 */
record Statement(Side left, Operator operator, Side right, BigDecimal within, String claim) {
    static final String FORM = "METRIC OP VALUE-OR-METRIC [within 5%] [because TEXT], where OP is < <= > >= == !=";
}
