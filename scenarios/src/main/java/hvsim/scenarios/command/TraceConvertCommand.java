package hvsim.scenarios.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "convert",
        description = "Write a trace in the fast binary form, which has no threads.",
        footer = {"", "Example:", "  hvsim trace convert gzip.lackey.xz --out gzip.hvt"})
final class TraceConvertCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "A trace of any format, plain or .gz .xz .zst.")
    private String file = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write. Default: beside the trace, as .hvt.")
    private String out = "";

    @Option(names = "--lenient", description = "Leave out what is damaged, and say how much.")
    private boolean lenient;

    private final Context context;

    TraceConvertCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws WrongInputException, IOException {
        String leftOut = context.bench().convertTrace(file, out.isEmpty() ? beside(file) : out, lenient);
        if (!leftOut.isEmpty()) {
            context.console().complain(List.of("note: " + file + ": " + leftOut));
        }
        return ExitStatus.DONE;
    }

    private static String beside(String trace) {
        return trace.replaceFirst("\\.(gz|xz|zst)$", "").replaceFirst("\\.(lackey|txt|out|champsim|view)$", "")
                + ".hvt";
    }
}
