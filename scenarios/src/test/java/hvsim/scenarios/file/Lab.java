package hvsim.scenarios.file;

import hvsim.scenarios.expect.Expectations;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder with scenario files; messages come back without the folder's name. */
final class Lab {
    private final Path folder;

    Lab(Path folder) {
        this.folder = folder;
    }

    Lab with(String file, String text) {
        return with(file, text.getBytes(StandardCharsets.UTF_8));
    }

    Lab with(String file, byte[] bytes) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.write(path, bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Loaded load(String file, List<String> settings, List<String> varied) throws ScenarioException {
        return loader().load(folder.resolve(file).toString(), settings, varied);
    }

    Loaded loadForAllTechniques(String file, List<String> settings) throws ScenarioException {
        return loader().loadForAllTechniques(folder.resolve(file).toString(), settings);
    }

    private static ScenarioLoader loader() {
        return new ScenarioLoader(
                "hvsim run",
                new ByteArrayInputStream(new byte[0]),
                (lines, names) -> new Expectations(lines, names).mistakes());
    }

    /** The scenario of lab.yaml with that text. */
    Loaded load(String yaml, String... settings) throws ScenarioException {
        return with("lab.yaml", yaml).load("lab.yaml", List.of(settings), List.of());
    }

    Scenario scenario(String yaml, String... settings) throws ScenarioException {
        return load(yaml, settings).base().scenario();
    }

    /** What is said about a lab.yaml with that text, one string, lines separated by \n. */
    String errors(String yaml, String... settings) {
        with("lab.yaml", yaml);
        return errorsOf("lab.yaml", List.of(settings), List.of());
    }

    String errorsOf(String file, List<String> settings, List<String> varied) {
        try {
            load(file, settings, varied);
            return "no errors";
        } catch (ScenarioException e) {
            return plain(String.join("\n", e.lines()));
        }
    }

    String plain(String message) {
        return message.replace(folder + "/", "");
    }
}
