package hvsim.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.scenarios.command.Cli;
import hvsim.scenarios.command.Console;
import hvsim.scenarios.command.StopSwitch;
import hvsim.scenarios.run.Version;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scenarios of the library: what they expect holds, and their reports are the same bytes on every JDK. Where a
 * change is meant, {@code -Dhvsim.golden.update=true} writes the new ones.
 */
class GoldenReportTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    private Path folder;

    @Test
    void firstExits() throws IOException {
        check("first-exits", "run");
    }

    @Test
    void vpidOnOff() throws IOException {
        check("vpid-on-off", "run");
    }

    @Test
    void largePages() throws IOException {
        check("large-pages", "run");
    }

    @Test
    void pageFracturing() throws IOException {
        check("page-fracturing", "run");
    }

    @Test
    void replacement() throws IOException {
        check("replacement", "run");
    }

    @Test
    void walkCaches() throws IOException {
        check("walk-caches", "compare");
    }

    @Test
    void kvmExits() throws IOException {
        check("kvm-exits", "run");
    }

    @Test
    void workingSet() throws IOException {
        check("working-set", "compare", "--vary", "workload.references.working_set=128KiB,4MiB,64MiB");
    }

    @Test
    void tlbShootdown() throws IOException {
        check("tlb-shootdown", "run");
    }

    @Test
    void seventeenInstructions() throws IOException {
        check("seventeen-instructions", "compare");
    }

    @Test
    void hostileGuest() throws IOException {
        check("hostile-guest", "run");
    }

    @Test
    void bootLike() throws IOException {
        check("boot-like", "run");
    }

    private void check(String scenario, String command, String... options) throws IOException {
        Path json = folder.resolve("result.json");
        List<String> arguments = new ArrayList<>(List.of(command, scenario, "--out", json.toString()));
        arguments.addAll(List.of(options));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(out, new PrintStream(err, true, StandardCharsets.UTF_8), false, false);
        int status = new Cli(new LocalWorkbench(), console, InputStream.nullInputStream(), new StopSwitch())
                .execute(arguments.toArray(String[]::new));
        String text = out.toString(StandardCharsets.UTF_8);
        assertEquals("", err.toString(StandardCharsets.UTF_8));
        assertEquals(0, status, "an expectation does not hold:\n" + text);
        compare(scenario + ".txt", text);
        String version = "\"hvsim\": \"" + Version.current() + "\"";
        compare(scenario + ".json", Files.readString(json).replace(version, "\"hvsim\": \"VERSION\""));
    }

    private static void compare(String name, String actual) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (Boolean.getBoolean("hvsim.golden.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, actual);
        }
        assertEquals(Files.readString(file), actual, name + " is not what it was");
    }
}
