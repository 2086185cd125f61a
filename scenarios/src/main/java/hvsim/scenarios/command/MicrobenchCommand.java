package hvsim.scenarios.command;

import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.microbench.Microbench;
import hvsim.scenarios.microbench.Operation;
import hvsim.scenarios.report.MicrobenchReport;
import hvsim.scenarios.report.ReportFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "microbench",
        abbreviateSynopsis = true,
        description = "Cycles of operations that engineers know, natively and under each technique.",
        footer = {
            "",
            "Examples:",
            "  hvsim microbench",
            "  hvsim microbench vmcall ipi --machine haswell",
            "  hvsim microbench --set hypervisor.features.virtual_interrupts=off"
        })
final class MicrobenchCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Operations; default: all.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--machine", paramLabel = "NAME", description = "See hvsim list machines. Default: skylake-sp.")
    private String machine = "skylake-sp";

    @Option(names = "--set", paramLabel = "PATH=VALUE", description = "Change one value of the scenario. Repeatable.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "text|json|csv",
            converter = FormatConverter.class,
            description = "What to print. Default: text.")
    private ReportFormat format = ReportFormat.TEXT;

    private final Context context;

    MicrobenchCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws WrongInputException, IOException {
        List<Operation> operations = names.isEmpty()
                ? List.of(Operation.values())
                : names.stream().map(MicrobenchCommand::named).toList();
        context.console().print(MicrobenchReport.of(run(operations), format));
        return ExitStatus.DONE;
    }

    private Microbench run(List<Operation> operations) throws WrongInputException {
        try {
            return Microbench.run(machine, set, operations);
        } catch (ScenarioException e) {
            throw new WrongInputException(e);
        }
    }

    private static Operation named(String word) {
        String choices = String.join(
                ", ", Stream.of(Operation.values()).map(Operation::word).toList());
        return Operation.named(word)
                .orElseThrow(
                        () -> new WrongOptionException("there is no operation '" + word + "'", "choices: " + choices));
    }
}
