package hvsim.benchmarks;

import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@link RateBenchmark} in one run: a table of what each event takes, beside a memory reference. */
public final class Rates {
    private Rates() {}

    public static void main(String[] args) throws RunnerException {
        System.out.println("| event | ns | a second | references in that time |");
        System.out.println("|---|--:|--:|--:|");
        double reference = 0;
        for (RateCase row : RateCase.values()) {
            double nanos = nanos(row);
            reference = row == RateCase.REFERENCES ? nanos : reference;
            print(row, nanos, reference);
        }
    }

    private static double nanos(RateCase row) throws RunnerException {
        return Iterations.median(Iterations.nanosFor(
                "counted",
                new OptionsBuilder()
                        .include(RateBenchmark.class.getName() + "\\.")
                        .param("events", row.name())));
    }

    private static void print(RateCase row, double nanos, double reference) {
        System.out.printf(
                Locale.ROOT, "| %s | %.1f | %,.0f | %.1f |%n", row.title(), nanos, 1e9 / nanos, nanos / reference);
    }
}
