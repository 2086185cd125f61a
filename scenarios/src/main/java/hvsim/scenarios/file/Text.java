package hvsim.scenarios.file;

import java.math.BigDecimal;
import java.util.Locale;

/** How messages write what they quote. */
final class Text {
    private static final int LONGEST_QUOTE = 60;

    private Text() {}

    /** In single quotes, on one line, shortened, control characters made visible. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("'");
        text.codePoints().limit(LONGEST_QUOTE).forEach(c -> append(out, c));
        boolean isLonger = text.codePointCount(0, text.length()) > LONGEST_QUOTE;
        return out.append(isLonger ? "..." : "").append('\'').toString();
    }

    private static void append(StringBuilder out, int c) {
        int type = Character.getType(c);
        boolean printable = !Character.isISOControl(c)
                && Character.isDefined(c)
                && type != Character.SURROGATE
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
        if (printable) {
            out.appendCodePoint(c);
        } else {
            out.append(String.format(Locale.ROOT, "\\u%04x", c));
        }
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
