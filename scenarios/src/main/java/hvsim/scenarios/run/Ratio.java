package hvsim.scenarios.run;

import org.jspecify.annotations.Nullable;

/** Quotients that may be of nothing. */
final class Ratio {
    private Ratio() {}

    /** Null where there is nothing to divide by. */
    static @Nullable Double of(long part, long whole) {
        return quotient((double) part, (double) whole);
    }

    /** In each thousand; null as above. */
    static @Nullable Double per1000(long part, long whole) {
        return quotient(1000.0 * part, (double) whole);
    }

    /** One quotient divided by another; null as above. */
    static @Nullable Double ofRatios(long part, long whole, long otherPart, long otherWhole) {
        return quotient((double) part * otherWhole, (double) whole * otherPart);
    }

    private static @Nullable Double quotient(double part, double whole) {
        return whole == 0 ? null : part / whole;
    }
}
