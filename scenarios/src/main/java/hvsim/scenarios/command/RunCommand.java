package hvsim.scenarios.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        abbreviateSynopsis = true,
        description = "Run a scenario and print the report; with compare: its table, native first.",
        footer = {
            "",
            "Examples:",
            "  hvsim run first-exits",
            "  hvsim run lab.yaml --set machine.tlb.stlb.entries=768",
            "  hvsim run lab.yaml --out lab.json --format csv"
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SCENARIO", description = Cli.SCENARIO)
    private String scenario = "";

    @Mixin
    private RunOptions options = new RunOptions();

    private final Context context;

    RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws WrongInputException, IOException {
        return new Session(context, options, false).run(context.load("hvsim run", scenario, options.set(), List.of()));
    }
}
