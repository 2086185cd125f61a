package hvsim.scenarios.file;

/** A span of simulated time, written {@code 800ns}, {@code 10us}, {@code 1ms} or {@code 2s}. */
public record Time(long nanos) {
    private static final Units UNITS = Units.decimal("ns", "us", "ms", "s");

    public Time {
        if (nanos < 0) {
            throw new IllegalArgumentException("negative time: " + nanos);
        }
    }

    static Time parse(String text) throws BadValueException {
        return new Time(UNITS.parse(text, "time", "written 800ns, 10us, 1ms or 2s"));
    }

    /** As a scenario file writes it, in the largest unit that leaves a whole number. */
    @Override
    public String toString() {
        return UNITS.format(nanos);
    }
}
