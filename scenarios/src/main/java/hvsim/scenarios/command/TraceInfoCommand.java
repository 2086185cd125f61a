package hvsim.scenarios.command;

import hvsim.scenarios.report.ReportFormat;
import hvsim.scenarios.report.TraceJson;
import hvsim.scenarios.report.TraceText;
import hvsim.scenarios.trace.TraceInfo;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "info",
        description = "Say what is in a trace.",
        footer = {"", "Example:", "  hvsim trace info gzip.lackey.xz"})
final class TraceInfoCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "A trace of any format, plain or .gz .xz .zst.")
    private String file = "";

    @Option(
            names = "--format",
            paramLabel = "text|json",
            converter = FormatConverter.class,
            description = "What to print. Default: text.")
    private ReportFormat format = ReportFormat.TEXT;

    @Option(names = "--lenient", description = "Leave out what is damaged, and say how much.")
    private boolean lenient;

    private final Context context;

    TraceInfoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws WrongInputException, IOException {
        if (format == ReportFormat.CSV) {
            throw new WrongOptionException("--format csv: a trace is described as text or json", "");
        }
        TraceInfo info = context.bench().describeTrace(file, lenient);
        context.console().print(format == ReportFormat.JSON ? TraceJson.of(info) : TraceText.of(info, file));
        return ExitStatus.DONE;
    }
}
