package hvsim.scenarios.file;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** A kind's unit suffixes, smallest first, each a fixed factor above the one before. Reads exactly or not at all. */
record Units(long factor, String[] suffixes) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,40}(\\.[0-9]{1,40})?");

    static Units binary(String... suffixes) {
        return new Units(1024, suffixes);
    }

    static Units decimal(String... suffixes) {
        return new Units(1000, suffixes);
    }

    /** Whether the text is an unsigned decimal number of sane length; no exponent, no sign. */
    static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    static BigDecimal number(String text) {
        return new BigDecimal(text);
    }

    /**
     * The value in the smallest unit.
     *
     * @throws BadValueException if the text has another form or unit, a fraction of the smallest unit, or
     *     does not fit 63 bits
     */
    long parse(String text, String kind, String examples) throws BadValueException {
        int end = text.length();
        while (end > 0 && !isDigit(text.charAt(end - 1))) {
            end--;
        }
        String digits = text.substring(0, end);
        int power = power(text.substring(end).strip());
        if (!isNumber(digits) || power < 0) {
            throw new BadValueException(Text.quoted(text) + " is no " + kind, examples);
        }
        return whole(text, number(digits).multiply(unit(power)), examples);
    }

    private long whole(String text, BigDecimal value, String examples) throws BadValueException {
        BigInteger whole = value.toBigInteger();
        if (new BigDecimal(whole).compareTo(value) != 0) {
            String smallest = suffixes[0].isEmpty() ? " is no whole number" : " is not whole in " + suffixes[0];
            throw new BadValueException(Text.quoted(text) + smallest, examples);
        }
        if (whole.bitLength() > 62) {
            throw new BadValueException(
                    Text.quoted(text) + " is too large", "at most 2^62" + (suffixes[0].isEmpty() ? "" : suffixes[0]));
        }
        return whole.longValueExact();
    }

    private BigDecimal unit(int power) {
        return BigDecimal.valueOf(factor).pow(power);
    }

    private int power(String suffix) {
        for (int power = 0; power < suffixes.length; power++) {
            if (suffixes[power].equals(suffix)) {
                return power;
            }
        }
        return -1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** In the largest unit that leaves a whole number. */
    String format(long value) {
        int power = 0;
        long rest = value;
        while (rest != 0 && rest % factor == 0 && power + 1 < suffixes.length) {
            rest /= factor;
            power++;
        }
        return rest + suffixes[power];
    }
}
