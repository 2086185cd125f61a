package hvsim.scenarios.run;

import hvsim.scenarios.file.Frequency;
import hvsim.scenarios.file.Time;
import java.math.BigInteger;

/** Simulated time in cycles of one clock. */
record Clock(Frequency frequency) {
    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

    /** Whole cycles in that time; {@code Long.MAX_VALUE} where there are more. */
    long cycles(Time time) {
        BigInteger cycles = BigInteger.valueOf(time.nanos())
                .multiply(BigInteger.valueOf(frequency.hertz()))
                .divide(NANOS_PER_SECOND);
        return cycles.bitLength() < Long.SIZE ? cycles.longValueExact() : Long.MAX_VALUE;
    }

    /** Whole cycles from one of so many a second to the next, at least 1. */
    long period(Frequency ticks) {
        return Math.max(1, frequency.hertz() / ticks.hertz());
    }
}
