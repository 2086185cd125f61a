package hvsim.scenarios.file;

import java.math.BigDecimal;

/** A clock rate, written {@code 2.4GHz} or {@code 250Hz}. */
public record Frequency(long hertz) {
    private static final Units UNITS = Units.decimal("Hz", "kHz", "MHz", "GHz");

    public Frequency {
        if (hertz <= 0) {
            throw new IllegalArgumentException("a frequency is positive: " + hertz);
        }
    }

    static Frequency parse(String text) throws BadValueException {
        long hertz = UNITS.parse(text, "frequency", "written 250Hz, 100MHz or 2.4GHz");
        if (hertz == 0) {
            throw new BadValueException("a frequency of 0 stands still", "250Hz, 100MHz or 2.4GHz");
        }
        return new Frequency(hertz);
    }

    /** As a scenario file writes it: {@code 2.4GHz}. */
    @Override
    public String toString() {
        int scale = hertz >= 1_000_000_000 ? 9 : hertz >= 1_000_000 ? 6 : 0;
        String unit = scale == 9 ? "GHz" : scale == 6 ? "MHz" : "Hz";
        return Text.plain(BigDecimal.valueOf(hertz, scale)) + unit;
    }
}
