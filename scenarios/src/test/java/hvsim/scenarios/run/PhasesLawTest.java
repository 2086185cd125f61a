package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.ScenarioLoader;
import hvsim.scenarios.run.RunResult.Counts;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted by phase is what is counted. */
class PhasesLawTest {
    private static final String SCENARIO = """
            hypervisor: {scheduler: {slice: 20us}}
            vms: {vm: {count: 2, memory: 64MiB}}
            workload:
              references: {pattern: zipf, working_set: 8MiB}
              kernel: {processes: 3, process_switch: 200/M}
              phases:
                boot: {operations: 30k, references: {pattern: sequential}, instructions: {in 0x71: 1000/M}}
                serve: {operations: 50k, instructions: {cpuid: 10}}
                halt: {operations: 20k, references: {pattern: uniform, working_set: 64KiB}}
            """;

    @TempDir
    private Path folder;

    @Test
    void phasesAddUpToTheWhole() throws Exception {
        for (RunResult run : runs("run: {interval: 30us}")) {
            assertEquals(
                    List.of("boot", "serve", "halt"), List.copyOf(run.phases().keySet()));
            assertEquals(60_000, run.phases().get("boot").operations());
            assertEquals(40_000, run.phases().get("halt").operations());
            sums(run, Counts::operations);
            sums(run, counts -> counts.cycles().total());
            sums(run, counts -> counts.walks().references());
            sums(run, counts -> counts.tlb().get("dtlb").lookups());
            sums(run, counts -> counts.tlb().get("stlb").misses());
        }
    }

    @Test
    void eachPhaseHasItsOwnExits() throws Exception {
        RunResult main = runs("run: {warmup: 10%}").get(1);
        assertEquals("equal", main.fidelity());
        assertEquals(60, main.phases().get("boot").exits().get("IO_INSTRUCTION").samples());
        assertEquals(20, main.phases().get("serve").exits().get("CPUID").samples());
        assertEquals(20, main.counts().exits().get("CPUID").samples());
        assertEquals(200_000, main.counts().operations());
    }

    private static void sums(RunResult run, ToLongFunction<Counts> count) {
        assertEquals(
                count.applyAsLong(run.counts()),
                run.phases().values().stream().mapToLong(count).sum());
    }

    private List<RunResult> runs(String run) throws Exception {
        Path file = Files.writeString(folder.resolve("law.yaml"), SCENARIO + run);
        Loaded loaded = new ScenarioLoader("test", InputStream.nullInputStream(), (lines, names) -> List.of())
                .load(file.toString(), List.of(), List.of());
        return Runner.run(loaded, new GoOn()).runs();
    }
}
