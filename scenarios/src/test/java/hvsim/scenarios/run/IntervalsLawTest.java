package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.ScenarioLoader;
import hvsim.scenarios.run.RunResult.Exits;
import hvsim.scenarios.run.RunResult.Interval;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counting by interval changes nothing, and loses nothing. */
class IntervalsLawTest {
    private static final String SCENARIO = """
            hypervisor: {scheduler: {slice: 20us}}
            vms: {vm: {count: 2, memory: 64MiB}}
            workload:
              references: {pattern: zipf, working_set: 8MiB, fetches: 20%}
              instructions: {cpuid: 200/M, in 0x71: 300/M, wrmsr: 400/M}
              kernel: {processes: 3, process_switch: 200/M}
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run: {operations: 100k}",
                "run: {operations: 100k, warmup: 20%}",
                "run: {time: 150us, warmup: 20%}",
                "run: {operations: 80k, time: 4ms, warmup: 1%}",
                "run: {operations: 80k, time: 40ms, warmup: 10%}"
            })
    void intervalsAddUpToTheWhole(String run) throws Exception {
        List<RunResult> whole = runs(run);
        List<RunResult> parts = runs(run.replace("}", ", interval: 7us}"));
        for (int i = 0; i < whole.size(); i++) {
            RunResult cut = parts.get(i);
            assertEquals(whole.get(i).counts(), cut.counts());
            assertEquals(whole.get(i).vms(), cut.vms());
            assertTrue(cut.intervals().size() > 3, "intervals were made");
            assertEquals(cut.counts().operations(), sum(cut, one -> one.counts().operations()));
            assertEquals(
                    cut.counts().cycles().total(),
                    sum(cut, one -> one.counts().cycles().total()));
            assertEquals(
                    cut.counts().walks().references(),
                    sum(cut, one -> one.counts().walks().references()));
            assertEquals(
                    cut.counts().tlb().get("dtlb").misses(),
                    sum(cut, one -> one.counts().tlb().get("dtlb").misses()));
            assertEquals(samples(cut.counts().exits()), sumOfSamples(cut));
        }
    }

    private static long sum(RunResult run, ToLongFunction<Interval> count) {
        return run.intervals().stream().mapToLong(count).sum();
    }

    private static Map<String, Long> sumOfSamples(RunResult run) {
        Map<String, Long> sums = new TreeMap<>();
        run.intervals()
                .forEach(one ->
                        samples(one.counts().exits()).forEach((reason, count) -> sums.merge(reason, count, Long::sum)));
        return sums;
    }

    private static Map<String, Long> samples(Map<String, Exits> exits) {
        Map<String, Long> samples = new TreeMap<>();
        exits.forEach((reason, one) -> samples.put(reason, one.samples()));
        return samples;
    }

    private List<RunResult> runs(String run) throws Exception {
        Path file = Files.writeString(folder.resolve("law.yaml"), SCENARIO + run);
        Loaded loaded = new ScenarioLoader("test", InputStream.nullInputStream(), (lines, names) -> List.of())
                .load(file.toString(), List.of(), List.of());
        return Runner.run(loaded, new GoOn()).runs();
    }
}
