package hvsim.scenarios.file;

import java.util.regex.Pattern;

/** Whole numbers: {@code 5000000}, {@code 5_000_000}, {@code 5M} (decimal k, M, G) or {@code 0x71}. */
final class Count {
    private static final Units UNITS = Units.decimal("", "k", "M", "G");
    private static final Pattern PLAIN = Pattern.compile("[0-9]{1,18}");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]{1,15}");
    private static final Pattern OCTAL = Pattern.compile("0[0-9_]+[kMG]?");
    private static final Pattern GROUPED = Pattern.compile("[0-9]+(_[0-9]+)+[kMG]?");

    private Count() {}

    static long parse(String text, String examples) throws BadValueException {
        if (OCTAL.matcher(text).matches()) {
            throw new BadValueException(Text.quoted(text) + " begins with 0, and is not octal here", examples);
        }
        if (PLAIN.matcher(text).matches()) {
            return Long.parseLong(text);
        }
        if (HEX.matcher(text).matches()) {
            return Long.parseLong(text.substring(2), 16);
        }
        String plain = GROUPED.matcher(text).matches() ? text.replace("_", "") : text;
        return UNITS.parse(plain, "whole number", examples);
    }
}
