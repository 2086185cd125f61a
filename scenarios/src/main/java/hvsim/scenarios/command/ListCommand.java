package hvsim.scenarios.command;

import hvsim.cpu.ExitCounts;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Passage;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.VmxControl;
import hvsim.scenarios.explain.Explainer;
import hvsim.scenarios.file.Library;
import hvsim.scenarios.run.MetricTexts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "list",
        description = "Print the names there are, one a line.",
        footer = {"", "Examples:", "  hvsim list", "  hvsim list metrics"})
final class ListCommand implements Callable<Integer> {
    private static final String KINDS = "scenarios, machines, metrics, instructions, exits, controls, invalidations";

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "KIND",
            description = "One of: " + KINDS + ". Default: scenarios.")
    private String kind = "scenarios";

    private final Context context;

    ListCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        StringBuilder text = new StringBuilder();
        names().forEach(name -> text.append(name).append('\n'));
        context.console().print(text.toString());
        return ExitStatus.DONE;
    }

    private Collection<String> names() {
        return switch (kind) {
            case "scenarios" -> Library.scenarios();
            case "machines" -> Library.machines();
            case "metrics" -> metrics();
            case "instructions" ->
                Stream.concat(
                                Stream.of(Instruction.values()).map(ListCommand::written),
                                Stream.of("sensitive_unprivileged  (each of Robin and Irvine's list)"))
                        .toList();
            case "exits" ->
                ExitCounts.PASSAGES.stream().map(ListCommand::written).toList();
            case "controls" ->
                Stream.of(VmxControl.values()).map(ListCommand::written).toList();
            case "invalidations" -> Explainer.invalidations();
            default -> throw new WrongOptionException("there is no list '" + kind + "'", "choices: " + KINDS);
        };
    }

    private static List<String> metrics() {
        List<String> lines = new ArrayList<>();
        MetricTexts.forms().forEach(form -> lines.add(written(form)));
        lines.add("vms.VM.*, vms.VM.vcpus.N.*, phases.PHASE.*  (from operations to faults, of each)");
        return lines;
    }

    private static String written(String metric) {
        MetricTexts.Entry entry = MetricTexts.of(metric).orElseThrow();
        return metric + "  (" + entry.unit() + (entry.isColumn() ? "; CSV" : "") + ")";
    }

    private static String written(Passage reason) {
        return reason.name() + "  (" + (reason instanceof ExitReason ? reason.number() + ", " : "trap, ")
                + reason.sdmName() + ")";
    }

    private static String written(VmxControl control) {
        return control.name().toLowerCase(Locale.ROOT) + "  (" + control.sdmName() + ")";
    }

    private static String written(Instruction instruction) {
        String operand = instruction.operand().name();
        return operand.equals("NONE")
                ? instruction.mnemonic()
                : instruction.mnemonic() + " " + operand.replace('_', ' ');
    }
}
