package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.ScenarioLoader;
import hvsim.scenarios.run.RunResult.Counts;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    @Test
    void aPhaseHasItsOwnCostOfAnOperation() throws Exception {
        String quiet = SCENARIO.replace("halt: {", "halt: {kernel: {process_switch: 0}, ");
        String slower = quiet.replace("halt: {", "halt: {cycles_per_operation: 5, ");
        Map<String, Counts> plain = runs(quiet, "run: {seed: 3}").get(0).phases();
        Map<String, Counts> slow = runs(slower, "run: {seed: 3}").get(0).phases();
        assertEquals(plain.get("boot").cycles(), slow.get("boot").cycles());
        assertEquals(
                plain.get("halt").cycles().guestWork() + 4 * 40_000,
                slow.get("halt").cycles().guestWork());
    }

    @Test
    void aRunThatEndsWithinAWarmUpIsAnError() {
        UnrunnableException e = assertThrows(
                UnrunnableException.class,
                () -> runs(
                        SCENARIO.replaceAll("(?m)^  phases:(\\n    .*)*", ""),
                        "run: {operations: 100k, warmup: 50%, time: 20us}"));
        assertTrue(e.getMessage().contains("is still in its warm-up, at operation"), e.getMessage());
    }

    private static void sums(RunResult run, ToLongFunction<Counts> count) {
        assertEquals(
                count.applyAsLong(run.counts()),
                run.phases().values().stream().mapToLong(count).sum());
    }

    private List<RunResult> runs(String run) throws Exception {
        return runs(SCENARIO, run);
    }

    private List<RunResult> runs(String scenario, String run) throws Exception {
        Path file = Files.writeString(folder.resolve("law.yaml"), scenario + run);
        Loaded loaded = new ScenarioLoader("test", InputStream.nullInputStream(), (lines, names) -> List.of())
                .load(file.toString(), List.of(), List.of());
        return Runner.run(loaded, new GoOn()).runs();
    }
}
