package hvsim.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * One row of the table of speeds.
 *
 * @param title what is run
 * @param engine of {@code reftlb}
 * @param walk the same ways on both sides
 * @param replay a trace rather than uniform loads
 * @param target speed of the model, as a multiple of that of {@code reftlb}; 0 if there is none
 */
record SpeedCase(String title, String engine, WalkShape walk, boolean replay, double target) {
    static final List<SpeedCase> ALL = List.of(
            new SpeedCase("trace replay, native", "fast", WalkShape.NATIVE, true, 0.5),
            new SpeedCase("uniform, nested, caches, nested TLB 32", "fast", WalkShape.NESTED_CACHES_TLB, false, 1.0),
            new SpeedCase("uniform, nested, caches", "fast", WalkShape.NESTED_CACHES, false, 0.5),
            new SpeedCase("uniform, nested, uncached", "naive", WalkShape.NESTED, false, 1.0),
            new SpeedCase("uniform, native, caches", "fast", WalkShape.NATIVE_CACHES, false, 0));

    List<String> options() {
        List<String> options = new ArrayList<>(List.of("-e", engine));
        options.addAll(walk.options());
        return options;
    }

    /** The benchmark with the parameters that make it this row. */
    ChainedOptionsBuilder benchmark(String trace) {
        Class<?> benchmark = replay ? TranslationBenchmark.class : WalkBenchmark.class;
        ChainedOptionsBuilder builder =
                new OptionsBuilder().include(benchmark.getName() + "\\.").param("tlb", TlbShape.PLAIN.name());
        return replay ? builder.param("trace", trace) : builder.param("walk", walk.name());
    }
}
