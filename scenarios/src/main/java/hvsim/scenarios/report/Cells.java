package hvsim.scenarios.report;

import org.jspecify.annotations.Nullable;

/** How tables write a value; what is undefined is a dash. */
final class Cells {
    static final String UNDEFINED = "-";

    private Cells() {}

    static String word(@Nullable String word) {
        return word == null ? UNDEFINED : word;
    }

    static String slowdown(@Nullable Double slowdown) {
        return slowdown == null ? UNDEFINED : Digits.fixed(slowdown, 3) + "x";
    }

    static String percent(@Nullable Double share, int decimals) {
        return share == null ? UNDEFINED : Digits.percent(share, decimals);
    }

    /** The part of a whole as percent; undefined if the whole is nothing. */
    static String share(long part, long whole, int decimals) {
        return whole == 0 ? UNDEFINED : Digits.percent((double) part / whole, decimals);
    }

    static String fixed(@Nullable Double value, int decimals) {
        return value == null ? UNDEFINED : Digits.fixed(value, decimals);
    }

    static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
