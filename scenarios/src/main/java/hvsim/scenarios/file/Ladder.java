package hvsim.scenarios.file;

import java.math.BigDecimal;
import java.util.List;

/**
 * The units that one range may mix.
 *
 * @param factor from each unit to the next
 * @param units smallest first
 */
record Ladder(int factor, List<String> units) {
    private static final List<Ladder> ALL = List.of(
            new Ladder(1000, List.of("", "k", "M", "G")),
            new Ladder(1024, List.of("B", "KiB", "MiB", "GiB", "TiB")),
            new Ladder(1000, List.of("ns", "us", "ms", "s")),
            new Ladder(1000, List.of("Hz", "kHz", "MHz", "GHz")),
            new Ladder(1000, List.of("/G", "/M", "/k")),
            new Ladder(1, List.of("%")));

    static Ladder of(String from, String to, String range) throws BadValueException {
        for (Ladder ladder : ALL) {
            if (ladder.units.contains(from) && ladder.units.contains(to)) {
                return ladder;
            }
        }
        throw new BadValueException(
                Text.quoted(range) + " goes from one kind of value to another",
                "both ends need a unit of the same kind");
    }

    BigDecimal base(String number, String unit) throws BadValueException {
        if (!units.contains(unit)) {
            throw new BadValueException(
                    "the step has another kind of unit: " + Text.quoted(number + unit),
                    "units here: " + String.join(", ", units));
        }
        return new BigDecimal(number).multiply(BigDecimal.valueOf(factor).pow(units.indexOf(unit)));
    }

    /** In the largest unit that leaves a whole number; counts without a unit. */
    String written(BigDecimal base) {
        BigDecimal value = base;
        int unit = 0;
        BigDecimal next = BigDecimal.valueOf(factor);
        while (unit + 1 < units.size()
                && !units.get(0).isEmpty()
                && value.signum() != 0
                && value.remainder(next).signum() == 0) {
            value = value.divide(next);
            unit++;
        }
        return Text.plain(value) + units.get(unit);
    }
}
