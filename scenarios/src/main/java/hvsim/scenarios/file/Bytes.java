package hvsim.scenarios.file;

import java.util.Locale;

/** An amount of memory, written {@code 64B}, {@code 4KiB}, {@code 2MiB}, {@code 1GiB} or {@code 1TiB}. */
public record Bytes(long bytes) implements Comparable<Bytes> {
    private static final Units UNITS = Units.binary("B", "KiB", "MiB", "GiB", "TiB");

    public Bytes {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative amount of memory: " + bytes);
        }
    }

    static Bytes parse(String text) throws BadValueException {
        refuseDecimal(text);
        return new Bytes(UNITS.parse(text, "amount of memory", "written 64B, 4KiB, 2MiB, 1GiB or 1TiB"));
    }

    private static void refuseDecimal(String text) throws BadValueException {
        String lower = text.toLowerCase(Locale.ROOT);
        for (char prefix : new char[] {'k', 'm', 'g', 't'}) {
            if (lower.endsWith(prefix + "b") || lower.endsWith("" + prefix)) {
                String digits = lower.substring(0, lower.lastIndexOf(prefix));
                if (Units.isNumber(digits)) {
                    throw decimal(text, digits + Character.toUpperCase(prefix) + "iB");
                }
            }
        }
    }

    private static BadValueException decimal(String text, String binary) {
        String rule = "";
        try {
            long bytes = UNITS.parse(binary, "", "");
            rule = binary + " is " + Text.grouped(bytes) + " bytes";
        } catch (BadValueException tooLarge) {
            rule = "64B, 4KiB, 2MiB, 1GiB or 1TiB";
        }
        return new BadValueException(Text.quoted(text) + " is decimal; memory is written in KiB, MiB, GiB, TiB", rule);
    }

    @Override
    public int compareTo(Bytes other) {
        return Long.compare(bytes, other.bytes);
    }

    /** As a scenario file writes it, in the largest unit that leaves a whole number. */
    @Override
    public String toString() {
        return UNITS.format(bytes);
    }
}
