package hvsim.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What JMH measures in each iteration of each fork. */
final class Iterations {
    private Iterations() {}

    /** Runs a benchmark: processor time, in nanoseconds, for each of what a counter of its own counts. */
    static List<Double> nanosFor(String counter, ChainedOptionsBuilder benchmark) throws RunnerException {
        List<Double> nanos = new ArrayList<>();
        for (RunResult run : new Runner(benchmark.verbosity(VerboseMode.SILENT).build()).run()) {
            run.getBenchmarkResults()
                    .forEach(fork -> fork.getIterationResults()
                            .forEach(one -> nanos.add(sum(one, "cpuNanos") / sum(one, counter))));
        }
        return nanos;
    }

    private static double sum(IterationResult iteration, String counter) {
        return Objects.requireNonNull(iteration.getSecondaryResults().get(counter), counter)
                .getScore();
    }

    static double median(List<Double> values) {
        Collections.sort(values);
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }
}
