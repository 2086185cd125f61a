package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.file.ScenarioLoader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each combination of techniques, hosts, modes and processors either runs and is faithful, or is an error that says where and why. */
class EveryCombinationTest {
    private static final List<String> MEMORIES = List.of("native", "shadow", "nested", "direct", "software_filled");
    private static final List<String> MODES = List.of("long", "pae", "32bit", "real");
    private static final List<String> SWITCH = List.of("off", "on");
    private static final List<String> WALKERS = List.of("hardware", "software");

    /** Keys of the hypervisor: where it runs, and who answers for ports. */
    private static final List<String> HOSTS = List.of(
            "type: bare_metal, handlers: {ports: kernel}",
            "type: bare_metal, handlers: {ports: user_space}",
            "type: hosted, handlers: {ports: kernel}",
            "type: hosted, handlers: {ports: user_space}",
            "type: hosted, handlers: {ports: user_space}, host: {passage: world_switch, applications: 1}");

    /** What every privilege level may execute without asking shows no difference here. */
    private static final String SCENARIO = """
            machine: {fixed_instructions: %s, walk: {by: %s}, features: {segment_limits: on}}
            hypervisor: {cpu: %s, memory: %s, %s}
            vms: {vm: {mode: %s, memory: 16MiB}}
            workload:
              references: {pattern: uniform, working_set: 64KiB, writes: 30%%}
              instructions: {in: 2, mov_from_cr0: 2, hlt: 1}
              kernel: {syscall: 3}
            run: {operations: 300}
            """;

    private static final Pattern FAULT = Pattern.compile("(?s).*one\\.yaml:\\d+:\\d+: error: \\S.*\\n {4}\\S.*");

    @TempDir
    private Path folder;

    private int ran;

    @ParameterizedTest
    @ValueSource(strings = {"native", "trap_and_emulate", "binary_translation", "paravirtual", "hardware"})
    void runsFaithfullyOrSaysWhereAndWhyNot(String cpu) throws Exception {
        checkAll(cpu, WALKERS.subList(0, 1), SWITCH.subList(0, 1), HOSTS);
        checkAll(cpu, WALKERS, SWITCH, HOSTS.subList(0, 1));
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"native", "trap_and_emulate", "binary_translation", "paravirtual", "hardware"})
    void eachOfAllThereAreRunsFaithfullyOrSaysWhereAndWhyNot(String cpu) throws Exception {
        checkAll(cpu, WALKERS, SWITCH, HOSTS);
    }

    private void checkAll(String cpu, List<String> walkers, List<String> fixed, List<String> hosts) throws IOException {
        for (String memory : MEMORIES) {
            for (String mode : MODES) {
                for (String walker : walkers) {
                    for (String on : fixed) {
                        for (String host : hosts) {
                            check(SCENARIO.formatted(on, walker, cpu, memory, host, mode));
                        }
                    }
                }
            }
        }
        assertTrue(ran > 0, cpu + " never runs");
    }

    private void check(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("one.yaml"), yaml);
        Loaded loaded;
        try {
            loaded = new ScenarioLoader("test", InputStream.nullInputStream(), (lines, names) -> List.of())
                    .load(file.toString(), List.of(), List.of());
        } catch (ScenarioException e) {
            String message = String.join("\n", e.lines());
            assertTrue(FAULT.matcher(message).matches(), () -> yaml + message);
            return;
        }
        checkRun(loaded, yaml);
    }

    private void checkRun(Loaded loaded, String yaml) {
        Result result;
        try {
            result = Runner.run(loaded, new GoOn());
        } catch (RuntimeException | UnrunnableException e) {
            throw new AssertionError(yaml, e);
        }
        for (RunResult run : result.runs()) {
            assertNull(run.firstDifference(), yaml);
            assertNotEquals("violated", run.safety(), yaml);
        }
        ran++;
    }
}
