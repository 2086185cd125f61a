package hvsim.benchmarks;

import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@link RingCycleBenchmark} and {@link DmaBenchmark} in one run: what a packet and a device's request take, beside a memory reference. */
public final class Packets {
    private Packets() {}

    public static void main(String[] args) throws RunnerException {
        double reference = nanos(ring("references"));
        System.out.printf(Locale.ROOT, "a reference: %.2f ns%n%n", reference);
        System.out.println("| | ns | a second | references in that time |");
        System.out.println("|---|--:|--:|--:|");
        for (RingKind kind : RingKind.values()) {
            for (String queues : List.of("1", "8")) {
                ChainedOptionsBuilder packets =
                        ring("packets").param("ring", kind.name()).param("queues", queues);
                print(kind.title() + ", queues: " + queues, nanos(packets), reference);
            }
        }
        for (DmaKind kind : DmaKind.values()) {
            print("a request to " + kind.title(), nanos(requests(kind)), reference);
        }
        System.out.printf(Locale.ROOT, "%na reference: %.2f ns%n", nanos(ring("references")));
    }

    private static void print(String title, double nanos, double reference) {
        System.out.printf(Locale.ROOT, "| %s | %.1f | %,.0f | %.1f |%n", title, nanos, 1e9 / nanos, nanos / reference);
    }

    private static ChainedOptionsBuilder ring(String name) {
        return new OptionsBuilder().include(RingCycleBenchmark.class.getName() + "\\." + name + "$");
    }

    private static ChainedOptionsBuilder requests(DmaKind kind) {
        return new OptionsBuilder()
                .include(DmaBenchmark.class.getName() + "\\.")
                .param("pages", kind.name());
    }

    private static double nanos(ChainedOptionsBuilder benchmark) throws RunnerException {
        return Iterations.median(Iterations.nanosFor("counted", benchmark));
    }
}
