package hvsim.scenarios.file;

import java.math.BigDecimal;

/**
 * How often something happens in a program: {@code 40/M} is 40 in each million operations, {@code 2/k} is 2
 * in each thousand, {@code 50} is fifty in all.
 *
 * @param count how many
 * @param perOperations in how many operations; 0 for {@code count} in the whole run
 */
public record Rate(long count, long perOperations) {
    public static final Rate NEVER = new Rate(0, 0);

    private static final String EXAMPLES =
            "40/M is 40 in a million operations, 2/k is 2 in a thousand, 50 is fifty in all";

    public Rate {
        if (count < 0 || perOperations < 0 || perOperations > 0 && count > perOperations) {
            throw new IllegalArgumentException("no rate: " + count + " in " + perOperations);
        }
    }

    static Rate parse(String text) throws BadValueException {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new Rate(Count.parse(text, EXAMPLES), 0);
        }
        String digits = text.substring(0, slash).strip();
        long per = operations(text.substring(slash + 1).strip());
        if (!Units.isNumber(digits) || per == 0) {
            throw new BadValueException(Text.quoted(text) + " is no rate", EXAMPLES);
        }
        return exact(text, Units.number(digits), per);
    }

    private static Rate exact(String text, BigDecimal count, long per) throws BadValueException {
        if (count.compareTo(BigDecimal.valueOf(per)) > 0) {
            throw new BadValueException(Text.quoted(text) + " is more than one in each operation", EXAMPLES);
        }
        BigDecimal plain = count.stripTrailingZeros();
        int decimals = Math.max(0, plain.scale());
        if (decimals > 6) {
            throw new BadValueException(Text.quoted(text) + " has more than 6 decimal places", EXAMPLES);
        }
        return new Rate(
                plain.movePointRight(decimals).longValueExact(),
                BigDecimal.valueOf(per).movePointRight(decimals).longValueExact());
    }

    private static long operations(String unit) {
        return switch (unit) {
            case "k" -> 1_000;
            case "M" -> 1_000_000;
            case "G" -> 1_000_000_000;
            default -> 0;
        };
    }

    /** Whether {@link #count()} is for the whole run. */
    public boolean isTotal() {
        return perOperations == 0;
    }

    /** As a scenario file writes it: {@code 40/M} or {@code 50}. */
    @Override
    public String toString() {
        if (isTotal()) {
            return Long.toString(count);
        }
        if (perOperations == 1_000) {
            return count + "/k";
        }
        BigDecimal perMillion = BigDecimal.valueOf(count)
                .movePointRight(6)
                .divide(BigDecimal.valueOf(perOperations)); // exact: the divisor is a power of ten
        return Text.plain(perMillion) + "/M";
    }
}
