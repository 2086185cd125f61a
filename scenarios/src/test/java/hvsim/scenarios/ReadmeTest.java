package hvsim.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.command.Cli;
import hvsim.scenarios.command.Console;
import hvsim.scenarios.command.StopSwitch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md shows is what the program prints. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Pattern CONSOLE = Pattern.compile("```console\n\\$ \\./hvsim (.*)\n((?s).*?)```");
    private static final Pattern YAML = Pattern.compile("```yaml\n((?s).*?)```");
    private static final Pattern LEFT_OUT = Pattern.compile("\n\\.\\.\\.(?=\n)");
    private static final Pattern INDENTED = Pattern.compile("(?m)^ {4}\\./hvsim (.*?)(?: +#.*)?$");

    @TempDir
    private Path folder;

    private String readme = "";

    @BeforeEach
    void writeLab() throws IOException {
        readme = Files.readString(README);
        List<String> labs = found(YAML).map(match -> match.group(1)).toList();
        assertEquals(1, labs.size(), "one scenario is shown");
        Files.writeString(folder.resolve("lab.yaml"), labs.get(0));
    }

    private Stream<MatchResult> found(Pattern pattern) {
        return pattern.matcher(readme).results();
    }

    @Test
    void outputsAreTheProgramsOwn() {
        List<MatchResult> shown = found(CONSOLE).toList();
        assertFalse(shown.isEmpty(), "commands were found");
        for (MatchResult one : shown) {
            String printed = "\n" + hvsim(one.group(1));
            int from = 0;
            for (String piece : LEFT_OUT.split("\n" + one.group(2), -1)) {
                int at = printed.indexOf(piece, from);
                assertTrue(at >= 0, "not printed by " + one.group(1) + ":" + piece + "\nbut:" + printed);
                from = at + piece.length() - 1;
            }
        }
    }

    @Test
    void commandsAreUnderstood() {
        List<String> commands = found(INDENTED).map(match -> match.group(1)).toList();
        assertTrue(commands.size() > 3, "commands were found");
        for (String command : commands) {
            hvsim(command + " --set run.operations=1000 --set expect=[]");
        }
    }

    /** Standard output of a command that ends well. */
    private String hvsim(String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(out, new PrintStream(err, true, StandardCharsets.UTF_8), false, false);
        String[] arguments = Stream.of(command.split(" ")).map(this::atItsPlace).toArray(String[]::new);
        int status = new Cli(new LocalWorkbench(), console, new ByteArrayInputStream(new byte[0]), new StopSwitch())
                .execute(arguments);
        assertEquals(0, status, command + "\n" + err.toString(StandardCharsets.UTF_8) + out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private String atItsPlace(String argument) {
        if (argument.equals("lab.yaml")) {
            return folder.resolve(argument).toString();
        }
        return argument.startsWith("scenarios/") ? "../" + argument : argument;
    }
}
