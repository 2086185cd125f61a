package hvsim.scenarios.command;

import hvsim.scenarios.file.Loaded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = "Read scenarios and say all that is wrong with them; run nothing.",
        footer = {"", "Example:", "  hvsim check labs/*.yaml"})
final class CheckCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "SCENARIO", description = Cli.SCENARIO)
    private List<String> scenarios = new ArrayList<>();

    @Option(names = "--strict", description = "Take notes for errors.")
    private boolean strict;

    private final Context context;

    CheckCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        int status = ExitStatus.DONE;
        for (String scenario : scenarios) {
            try {
                check(scenario);
            } catch (WrongInputException e) {
                context.console().complain(e.lines());
                status = ExitStatus.WRONG_INPUT;
            }
        }
        return status;
    }

    private void check(String scenario) throws WrongInputException, IOException {
        Loaded loaded = context.load("hvsim check", scenario, List.of(), List.of());
        Checks.notes(loaded.notes(), strict);
        context.console()
                .complain(loaded.notes().stream().map(note -> "note: " + note).toList());
        int runs = loaded.points().get(0).runs().size();
        context.console().print(scenario + ": good; 1 point, " + runs + (runs == 1 ? " run\n" : " runs\n"));
    }
}
