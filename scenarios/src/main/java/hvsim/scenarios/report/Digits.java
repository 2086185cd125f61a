package hvsim.scenarios.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/**
 * Numbers as text by fixed rules: the same digits on every JDK and in every locale. {@code Double.toString}
 * changed between JDKs, {@code String.format} asks for a locale.
 */
public final class Digits {
    private static final MathContext SIX = new MathContext(6, RoundingMode.HALF_EVEN);
    private static final MathContext THREE = new MathContext(3, RoundingMode.HALF_EVEN);
    private static final List<String> TIME_UNITS = List.of("ns", "us", "ms", "s");

    private Digits() {}

    /** Thousands set off by commas: 13,126,620. */
    public static String grouped(long value) {
        return group(Long.toString(value));
    }

    /** A fixed number of decimals, thousands set off: 2,164.0. */
    public static String fixed(double value, int decimals) {
        return group(exact(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString());
    }

    /** A share as percent; 100 % only where it is exactly 1, so that one miss in a billion still shows. */
    public static String percent(double share, int decimals) {
        BigDecimal percent = exact(share).movePointRight(2).setScale(decimals, RoundingMode.HALF_EVEN);
        boolean pretends = share < 1 && percent.compareTo(BigDecimal.valueOf(100)) >= 0;
        BigDecimal honest = pretends ? percent.subtract(BigDecimal.ONE.movePointLeft(decimals)) : percent;
        return group(honest.toPlainString()) + "%";
    }

    /** Six significant digits, as JSON and CSV show ratios; what is less than 1 does not become 1. */
    public static BigDecimal significant(double value) {
        BigDecimal rounded = exact(value).round(SIX);
        boolean pretends = value < 1 && rounded.compareTo(BigDecimal.ONE) == 0;
        return pretends ? BigDecimal.valueOf(999_999, 6) : plain(rounded);
    }

    /** Six significant digits for people: thousands set off, no zeros at the end. */
    public static String six(double value) {
        return group(significant(value).toPlainString());
    }

    /** Cycles of a clock as time, three significant digits: 5.47ms. */
    static String time(long cycles, BigDecimal hertz) {
        BigDecimal nanos = BigDecimal.valueOf(cycles).movePointRight(9).divide(hertz, MathContext.DECIMAL64);
        BigDecimal shown = nanos.round(THREE);
        int unit = 0;
        while (unit < TIME_UNITS.size() - 1 && shown.compareTo(BigDecimal.valueOf(1000)) >= 0) {
            shown = shown.movePointLeft(3);
            unit++;
        }
        return group(plain(shown).toPlainString()) + TIME_UNITS.get(unit);
    }

    private static BigDecimal exact(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("an undefined ratio is null, not " + value);
        }
        return new BigDecimal(value);
    }

    /** No zeros at the end and no exponent, so that {@code toString} is plain as well. */
    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static String group(String number) {
        int start = number.startsWith("-") ? 1 : 0;
        int point = number.indexOf('.');
        StringBuilder text = new StringBuilder(number);
        for (int i = (point < 0 ? number.length() : point) - 3; i > start; i -= 3) {
            text.insert(i, ',');
        }
        return text.toString();
    }
}
