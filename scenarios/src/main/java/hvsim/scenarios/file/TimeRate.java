package hvsim.scenarios.file;

/** How often something happens in a second, written {@code 200k/s}. */
public record TimeRate(long perSecond) {
    private static final Units UNITS = Units.decimal("/s", "k/s", "M/s", "G/s");

    static TimeRate parse(String text) throws BadValueException {
        long value = UNITS.parse(text, "rate in time", "written 500/s, 200k/s or 1.5M/s");
        if (value > 1_000_000_000L) {
            throw new BadValueException(Text.quoted(text) + " is too large", "0/s to 1G/s");
        }
        return new TimeRate(value);
    }

    @Override
    public String toString() {
        return UNITS.format(perSecond);
    }
}
