package hvsim.scenarios.file;

/** How much a line carries in a second, written {@code 25Gbit/s}. */
public record Bandwidth(long bitsPerSecond) {
    private static final Units UNITS = Units.decimal("bit/s", "kbit/s", "Mbit/s", "Gbit/s");

    public Bandwidth {
        if (bitsPerSecond <= 0) {
            throw new IllegalArgumentException("a line carries something: " + bitsPerSecond);
        }
    }

    static Bandwidth parse(String text) throws BadValueException {
        long value = UNITS.parse(text, "bandwidth", "written 100Mbit/s, 1Gbit/s or 25Gbit/s");
        if (value < 1_000_000 || value > 1_000_000_000_000L) {
            throw new BadValueException(
                    Text.quoted(text) + " is too " + (value < 1_000_000 ? "small" : "large"), "1Mbit/s to 1000Gbit/s");
        }
        return new Bandwidth(value);
    }

    @Override
    public String toString() {
        return UNITS.format(bitsPerSecond);
    }
}
