package hvsim.scenarios.command;

import hvsim.scenarios.file.EffectiveText;
import hvsim.scenarios.file.Library;
import hvsim.scenarios.file.Machines;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Print a scenario or a machine of the library, or a file.",
        footer = {
            "",
            "Examples:",
            "  hvsim show first-exits",
            "  hvsim show lab.yaml --effective",
            "  hvsim show zen-4 --effective"
        })
final class ShowCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "NAME", description = "A scenario or machine, see hvsim list; or a file.")
    private String name = "";

    @Option(names = "--effective", description = "All values of a scenario or machine, each with where it came from.")
    private boolean effective;

    private final Context context;

    ShowCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws WrongInputException, IOException {
        context.console().print(effective ? effective() : text());
        return ExitStatus.DONE;
    }

    private String effective() throws WrongInputException {
        if (Library.machines().contains(name)) {
            return Machines.effective(name);
        }
        return EffectiveText.of(
                context.load("hvsim show", name, List.of(), List.of()).base());
    }

    private String text() throws WrongInputException {
        Optional<String> library = Library.text(name);
        return library.isPresent() ? library.get() : file();
    }

    private String file() {
        return TextFile.read(
                name,
                "'" + name + "' is no file and no name of the library",
                "scenarios: " + String.join(", ", Library.scenarios()) + "; machines: "
                        + String.join(", ", Library.machines()));
    }
}
