package hvsim.scenarios.trace;

import java.nio.charset.StandardCharsets;

/** Goes through the bytes of one line, field by field, and knows what was wrong with it. */
final class Cursor {
    static final int QUOTED_BYTES = 60;

    private static final int MAX_HEX_DIGITS = 16;
    private static final int MAX_DECIMAL_DIGITS = 20;

    private byte[] bytes = new byte[0];
    private int start;
    private int at;
    private int end;
    private long value;
    private String wrong = "";

    /** The line without its end. */
    void set(byte[] buffer, int from, int to) {
        bytes = buffer;
        start = from;
        at = from;
        end = to;
    }

    boolean isAtEnd() {
        return at == end;
    }

    /** The next byte, or -1 at the end. */
    int peek() {
        return at < end ? bytes[at] & 0xFF : -1;
    }

    boolean beginsWith(String text) {
        if (end - at < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Goes over that text, if it is next. */
    boolean skip(String text) {
        boolean is = beginsWith(text);
        at += is ? text.length() : 0;
        return is;
    }

    /** Goes over spaces; false if there is none. */
    boolean spaces() {
        int before = at;
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        return at > before;
    }

    boolean isDigit() {
        return at < end && bytes[at] >= '0' && bytes[at] <= '9';
    }

    /** Whether two hex digits are next, and then a space or the end. */
    boolean isHexByte() {
        return end - at >= 2
                && Character.digit(bytes[at], 16) >= 0
                && Character.digit(bytes[at + 1], 16) >= 0
                && (end - at == 2 || bytes[at + 2] == ' ');
    }

    /** Reads a number in hex, either case, with or without 0x, of 64 bits at most. */
    boolean hex() {
        skip("0x");
        value = 0;
        int digits = at;
        int digit;
        while (at < end && (digit = Character.digit(bytes[at], 16)) >= 0) {
            value = value << 4 | digit;
            at++;
        }
        return at > digits && at - digits <= MAX_HEX_DIGITS;
    }

    /** Reads a decimal number without sign that fits 64 bits. */
    boolean decimal() {
        value = 0;
        int digits = at;
        boolean fits = true;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            int digit = bytes[at++] - '0';
            fits &= Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, 10)) <= 0;
            value = 10 * value + digit;
        }
        return fits && at > digits && at - digits <= MAX_DECIMAL_DIGITS;
    }

    /** Takes a number for the one read last. */
    boolean number(long number) {
        value = number;
        return true;
    }

    /** The number read last. */
    long value() {
        return value;
    }

    /** Says what is wrong with the line; returns what a parser returns then. */
    int fail(String what) {
        wrong = what;
        return LineReader.DAMAGED;
    }

    String wrong() {
        return wrong;
    }

    String quoted() {
        return quoted(bytes, start, Math.min(end, start + QUOTED_BYTES));
    }

    static String quoted(byte[] bytes, int from, int to) {
        return quoted(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    static String quoted(String line) {
        StringBuilder text = new StringBuilder("'");
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c >= ' ' && c < 0x7F) {
                text.append(c);
            } else {
                text.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return text.append('\'').toString();
    }
}
