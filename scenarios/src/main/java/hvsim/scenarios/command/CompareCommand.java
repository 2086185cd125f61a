package hvsim.scenarios.command;

import hvsim.scenarios.file.Loaded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "compare",
        abbreviateSynopsis = true,
        description = {
            "Run a scenario's variants and print them side by side, native first.",
            "Without compare: in the file and without --vary: all techniques that exist for it."
        },
        footer = {
            "",
            "Examples:",
            "  hvsim compare first-exits",
            "  hvsim compare vpid-on-off",
            "  hvsim compare first-exits --vary hypervisor.features.vpid=on,off",
            "  hvsim compare lab.yaml --vary machine.tlb.stlb.entries=768,1536,3072"
        })
final class CompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SCENARIO", description = Cli.SCENARIO)
    private String scenario = "";

    @Option(
            names = "--vary",
            paramLabel = "PATH=V,V|PATH=A..B",
            description = "Run once for each value; several options: every combination. Repeatable.")
    private List<String> vary = new ArrayList<>();

    @Mixin
    private RunOptions options = new RunOptions();

    private final Context context;

    CompareCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws WrongInputException, IOException {
        Loaded loaded = vary.isEmpty()
                ? context.loadForAllTechniques("hvsim compare", scenario, options.set())
                : context.load("hvsim compare", scenario, options.set(), vary);
        return new Session(context, options, true).run(loaded);
    }
}
