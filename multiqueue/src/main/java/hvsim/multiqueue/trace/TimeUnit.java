package hvsim.multiqueue.trace;

/**
 * What an interface of a pcapng capture counts time in.
 *
 * @param binary whether a unit is 2 to the power of minus {@code exponent} seconds, else 10 to it
 * @param offsetSeconds added to all times
 */
record TimeUnit(boolean binary, int exponent, long offsetSeconds) {
    static final TimeUnit MICROSECONDS = new TimeUnit(false, 6, 0);

    private static final long NANOS = 1_000_000_000L;

    TimeUnit {
        if (exponent > (binary ? 32 : 18)) {
            throw new BadTraceException("an interface counts time in units of " + (binary ? 2 : 10) + "^-" + exponent
                    + " s; down to 2^-32 and 10^-18 can be read");
        }
    }

    /** Of option if_tsresol: the top bit chooses the base. */
    TimeUnit withResolution(int code) {
        return new TimeUnit((code & 0x80) != 0, code & 0x7F, offsetSeconds);
    }

    TimeUnit withOffset(long seconds) {
        return new TimeUnit(binary, exponent, seconds);
    }

    long nanos(long units) {
        if (units < 0) {
            throw tooFar(units);
        }
        try {
            long since = binary ? binaryNanos(units) : decimalNanos(units);
            return Math.addExact(since, Math.multiplyExact(offsetSeconds, NANOS));
        } catch (ArithmeticException e) {
            throw tooFar(units);
        }
    }

    private static BadTraceException tooFar(long units) {
        return new BadTraceException("a time of " + Long.toUnsignedString(units)
                + " units of an interface is further from 1970 than 292 years");
    }

    private long binaryNanos(long units) {
        long whole = units >>> exponent;
        return Math.multiplyExact(whole, NANOS) + ((units - (whole << exponent)) * NANOS >>> exponent);
    }

    private long decimalNanos(long units) {
        return exponent <= 9 ? Math.multiplyExact(units, power(9 - exponent)) : units / power(exponent - 9);
    }

    private static long power(int of) {
        long result = 1;
        for (int i = 0; i < of; i++) {
            result *= 10;
        }
        return result;
    }
}
