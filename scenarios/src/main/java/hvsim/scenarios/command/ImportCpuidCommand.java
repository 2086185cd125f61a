package hvsim.scenarios.command;

import hvsim.scenarios.cpuid.CpuidException;
import hvsim.scenarios.cpuid.CpuidPreset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "cpuid",
        description = "Print a machine preset made from what a processor says of itself.",
        footer = {
            "",
            "Examples:",
            "  hvsim import cpuid cpuid.txt > mine.yaml",
            "  hvsim run first-exits --set machine.preset=./mine.yaml"
        })
final class ImportCpuidCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "The text of cpuid -1 or cpuid -r.")
    private String file = "";

    private final Context context;

    ImportCpuidCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws WrongInputException, IOException {
        String text = TextFile.read(file, "there is no file '" + file + "'", "");
        try {
            context.console().print(CpuidPreset.of(text));
            return ExitStatus.DONE;
        } catch (CpuidException e) {
            List<String> lines = new ArrayList<>();
            lines.add(file + ":" + e.line() + ": error: " + e.getMessage());
            if (!e.rule().isEmpty()) {
                lines.add("    " + e.rule());
            }
            throw new WrongInputException(lines);
        }
    }
}
