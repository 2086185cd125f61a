package hvsim.scenarios.file;

/** Whole numbers: {@code 5000000}, {@code 5_000_000}, {@code 5M} (decimal k, M, G) or {@code 0x71}. */
final class Count {
    private static final Units UNITS = Units.decimal("", "k", "M", "G");

    private Count() {}

    static long parse(String text, String examples) throws BadValueException {
        String plain = text.matches("[0-9]+(_[0-9]+)+[kMG]?") ? text.replace("_", "") : text;
        if (plain.matches("0x[0-9a-fA-F]{1,15}")) {
            return Long.parseLong(plain.substring(2), 16);
        }
        return UNITS.parse(plain, "whole number", examples);
    }
}
