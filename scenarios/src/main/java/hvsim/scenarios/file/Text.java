package hvsim.scenarios.file;

import java.math.BigDecimal;

/** How messages write what they quote. */
final class Text {
    private static final int LONGEST_QUOTE = 60;

    private Text() {}

    /** In single quotes, on one line, shortened, control characters made visible. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("'");
        int shown = Math.min(text.length(), LONGEST_QUOTE);
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            out.append(isPrintable(c) ? String.valueOf(c) : "\\u" + hex(c));
        }
        return out.append(text.length() > shown ? "..." : "").append('\'').toString();
    }

    private static boolean isPrintable(char c) {
        return c >= ' ' && !Character.isISOControl(c) && Character.isDefined(c) && !Character.isSurrogate(c)
                && Character.getType(c) != Character.FORMAT;
    }

    private static String hex(char c) {
        String digits = Integer.toHexString(c);
        return "0".repeat(4 - digits.length()) + digits;
    }

    /** With a comma before each group of three digits. */
    static String grouped(long value) {
        StringBuilder out = new StringBuilder(Long.toString(value));
        for (int at = out.length() - 3; at > 0; at -= 3) {
            out.insert(at, ',');
        }
        return out.toString();
    }

    /** Without exponent and trailing zeros. */
    static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
