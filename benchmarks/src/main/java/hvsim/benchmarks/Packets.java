package hvsim.benchmarks;

import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@link RingCycleBenchmark} in one run: a table of what a packet takes, beside a memory reference. */
public final class Packets {
    private Packets() {}

    public static void main(String[] args) throws RunnerException {
        double reference = nanos(benchmark("references"));
        System.out.printf(Locale.ROOT, "a reference: %.2f ns%n%n", reference);
        System.out.println("| rings | queues | ns | a second | references in that time |");
        System.out.println("|---|--:|--:|--:|--:|");
        for (RingKind ring : RingKind.values()) {
            for (String queues : List.of("1", "8")) {
                double nanos =
                        nanos(benchmark("packets").param("ring", ring.name()).param("queues", queues));
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %.0f | %,.0f | %.1f |%n",
                        ring,
                        queues,
                        nanos,
                        1e9 / nanos,
                        nanos / reference);
            }
        }
        System.out.printf(Locale.ROOT, "%na reference: %.2f ns%n", nanos(benchmark("references")));
    }

    private static ChainedOptionsBuilder benchmark(String name) {
        return new OptionsBuilder().include(RingCycleBenchmark.class.getName() + "\\." + name + "$");
    }

    private static double nanos(ChainedOptionsBuilder benchmark) throws RunnerException {
        return Iterations.median(Iterations.nanosFor("counted", benchmark));
    }
}
