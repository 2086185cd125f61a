package hvsim.scenarios.expect;

import java.math.BigDecimal;

/**
 * A line of {@code expect} taken apart, before its metrics are looked up.
 *
 * @param within how far from the right side still counts as equal to it, as a share of it
 * @param because why it is so; empty if the line does not say
 */
record Statement(Side left, Operator operator, Side right, BigDecimal within, String because) {
    static final String FORM = "METRIC OP VALUE-OR-METRIC [within 5%] [because TEXT], where OP is < <= > >= == !=";
}
