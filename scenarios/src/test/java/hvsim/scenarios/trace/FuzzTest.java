package hvsim.scenarios.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets Jazzer look for bytes that break {@link AnyBytes}, from each sample on, in a process of its own. What it finds
 * stays in {@code target/fuzz}; with the repair it goes to {@code src/test/resources/hvsim/scenarios/trace/fuzz}.
 */
@Tag("long")
class FuzzTest {
    private static final Path FOUND = Path.of("target/fuzz");

    @TempDir
    Path corpus;

    static Set<String> samples() {
        return Samples.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void noBytesBreakTheReaders(String name) throws IOException, InterruptedException {
        Files.createDirectories(FOUND);
        Files.write(corpus.resolve(name), Samples.all().get(name).bytes());
        Path log = FOUND.resolve(name + ".log");
        int status = new ProcessBuilder(command(name))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertEquals(0, status, () -> "see " + log + ", and the input beside it");
    }

    private List<String> command(String name) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .replace("\n", File.pathSeparator),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + AnyBytes.class.getName(),
                "--instrumentation_includes=hvsim.scenarios.trace.**",
                "--reproducer_path=" + FOUND,
                "-artifact_prefix=" + FOUND + File.separator + name + "-",
                "-max_total_time=" + Integer.getInteger("hvsim.fuzz.seconds", 30),
                "-max_len=1500",
                "-timeout=20",
                "-seed=1",
                corpus.toString());
    }
}
