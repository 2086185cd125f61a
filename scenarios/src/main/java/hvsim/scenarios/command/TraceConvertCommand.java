package hvsim.scenarios.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "convert",
        description = "Write a trace in the fast binary form.",
        footer = {"", "Example:", "  hvsim trace convert gzip.lackey.xz --out gzip.hvt"})
final class TraceConvertCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "A trace: lackey text, plain or .gz .xz .zst.")
    private String file = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write. Default: beside the trace, as .hvt.")
    private String out = "";

    private final Context context;

    TraceConvertCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws WrongInputException, IOException {
        context.bench().convertTrace(file, out.isEmpty() ? beside(file) : out);
        return ExitStatus.DONE;
    }

    private static String beside(String trace) {
        return trace.replaceFirst("\\.(gz|xz|zst)$", "").replaceFirst("\\.(lackey|txt)$", "") + ".hvt";
    }
}
