package hvsim.scenarios.file;

import java.math.BigDecimal;

/**
 * A part of a whole, written {@code 30%}.
 *
 * @param fraction 0 to 1, exact
 */
public record Share(BigDecimal fraction) {
    static final Share NONE = new Share(BigDecimal.ZERO);

    public Share {
        if (fraction.signum() < 0 || fraction.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("a share is 0 to 1: " + fraction);
        }
        fraction = fraction.stripTrailingZeros();
    }

    static Share parse(String text) throws BadValueException {
        String digits =
                text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : "";
        if (!Units.isNumber(digits)) {
            throw new BadValueException(
                    Text.quoted(text) + " is no share", "a share is written 0% to 100%, such as 30%");
        }
        BigDecimal percent = Units.number(digits);
        if (percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new BadValueException(Text.quoted(text) + " is more than the whole", "0% to 100%");
        }
        return new Share(percent.movePointLeft(2));
    }

    /** The nearest double of the fraction. */
    public double toDouble() {
        return fraction.doubleValue();
    }

    /** As a scenario file writes it: {@code 30%}. */
    @Override
    public String toString() {
        return Text.plain(fraction.movePointRight(2)) + "%";
    }
}
