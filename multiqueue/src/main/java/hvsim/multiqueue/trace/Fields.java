package hvsim.multiqueue.trace;

import java.math.BigDecimal;
import java.util.List;

/** The fields of one line. */
record Fields(List<String> values) {
    private static final BigDecimal NANOS = new BigDecimal(1_000_000_000L);
    private static final BigDecimal MOST_NANOS = new BigDecimal(Long.MAX_VALUE);

    static Fields ofCommas(String line) {
        return new Fields(List.of(line.split(",", -1)));
    }

    static Fields ofBlanks(String line) {
        return new Fields(List.of(line.strip().split("\\s+")));
    }

    int size() {
        return values.size();
    }

    String text(int i, String name) throws BadLineException {
        if (i >= values.size()) {
            throw new BadLineException("there is no " + name + " (field " + (i + 1) + ")");
        }
        return values.get(i).strip();
    }

    /** From {@code least} up. */
    long number(int i, String name, long least) throws BadLineException {
        String text = text(i, name);
        try {
            long value = Long.parseLong(text);
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new BadLineException("the " + name + " '" + text + "' is no whole number");
        }
        throw new BadLineException("the " + name + " is " + text + ", below " + least);
    }

    /** Seconds with a decimal fraction, as nanoseconds; what is finer is cut off. */
    long nanos(int i, String name) throws BadLineException {
        String text = text(i, name);
        if (!text.matches("[0-9]{1,12}(\\.[0-9]{0,12})?")) {
            throw new BadLineException("the " + name + " '" + text + "' is no time in seconds");
        }
        BigDecimal nanos = new BigDecimal(text).multiply(NANOS);
        if (nanos.compareTo(MOST_NANOS) > 0) {
            throw new BadLineException("the " + name + " '" + text + "' is more than 292 years");
        }
        return nanos.longValue();
    }
}
