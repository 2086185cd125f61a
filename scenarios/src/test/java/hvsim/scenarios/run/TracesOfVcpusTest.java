package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.ProgramUnreadableException;
import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.file.ScenarioLoader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracesOfVcpusTest {
    private static final RunControl GOES_ON = new RunControl() {
        @Override
        public boolean isStopRequested() {
            return false;
        }

        @Override
        public void progress(long done, long all) {}
    };

    @TempDir
    Path folder;

    @BeforeEach
    void record() throws IOException {
        Files.writeString(folder.resolve("a"), " L 00001000,1\n".repeat(100));
        Files.writeString(folder.resolve("b"), " S 00002000,1\n".repeat(40));
        Files.writeString(folder.resolve("broken"), " L 00001000,1\n".repeat(100) + "oops\n L 00001000,1\n");
    }

    @Test
    void virtualProcessorsShareATrace() throws Exception {
        assertEquals(100, operations(run("{trace: a}", "{}")));
    }

    @Test
    void eachVirtualProcessorHasItsOwnTrace() throws Exception {
        assertEquals(140, operations(run("{trace: [a, b]}", "{}")));
        assertEquals(280, operations(run("{trace: [a, b], repeat: on}", "{operations: 140}")));
    }

    @Test
    void asManyTracesAsVirtualProcessors() {
        ScenarioException fault = assertThrows(ScenarioException.class, () -> run("{trace: [a, b, b]}", "{}"));
        assertTrue(
                String.join("\n", fault.lines()).contains("2 virtual processors, but the workload names 3 traces"),
                () -> String.join("\n", fault.lines()));
    }

    @Test
    void whatIsLeftOutIsNoted() throws Exception {
        assertThrows(ProgramUnreadableException.class, () -> run("{trace: broken}", "{}"));
        Result result = run("{trace: broken}", "{lenient: on}");
        assertEquals(101, operations(result));
        assertEquals(1, result.notes().size(), result.notes().toString());
        assertTrue(
                result.notes()
                        .get(0)
                        .endsWith(
                                "broken: 1 damaged place was left out: line 101 of the text: 'oops'" + " is no record"),
                result.notes().toString());
    }

    private static long operations(Result result) {
        return result.runs().get(result.runs().size() - 1).operations();
    }

    private Result run(String references, String run) throws Exception {
        Path file = folder.resolve("lab.yaml");
        Files.writeString(
                file, "vms: {vm: {vcpus: 2}}\nworkload: {references: " + references + "}\nrun: " + run + "\n");
        Loaded loaded = new ScenarioLoader("test", InputStream.nullInputStream(), (lines, names) -> List.of())
                .load(file.toString(), List.of(), List.of());
        return Runner.run(loaded, GOES_ON);
    }
}
