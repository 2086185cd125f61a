package hvsim.scenarios.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "convert",
        description = "Write a trace in the fast binary form, which has no threads.",
        footer = {"", "Example:", "  hvsim trace convert gzip.lackey.xz --out gzip.hvt"})
final class TraceConvertCommand implements Callable<Integer> {
    private static final int MOST_PARTS = 256;

    @Parameters(index = "0", paramLabel = "FILE", description = "A trace of any format, plain or .gz .xz .zst.")
    private String file = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write. Default: beside the trace, as .hvt.")
    private String out = "";

    @Option(
            names = "--parts",
            paramLabel = "N",
            description = "Write a part for each of N virtual processors, as NAME.0.hvt and so on.")
    private int parts = 1;

    @Option(names = "--lenient", description = "Leave out what is damaged, and say how much.")
    private boolean lenient;

    private final Context context;

    TraceConvertCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws WrongInputException, IOException {
        if (parts < 1 || parts > MOST_PARTS) {
            throw new WrongOptionException("--parts " + parts + ": 1 to " + MOST_PARTS, "");
        }
        String leftOut = context.bench().convertTrace(file, files(out.isEmpty() ? beside(file) : out), lenient);
        if (!leftOut.isEmpty()) {
            context.console().complain(List.of("note: " + file + ": " + leftOut));
        }
        return ExitStatus.DONE;
    }

    private List<String> files(String whole) {
        String name = whole.replaceFirst("\\.hvt$", "");
        return parts == 1
                ? List.of(whole)
                : IntStream.range(0, parts)
                        .mapToObj(part -> name + "." + part + ".hvt")
                        .toList();
    }

    private static String beside(String trace) {
        return trace.replaceFirst("\\.(gz|xz|zst)$", "").replaceFirst("\\.(lackey|txt|out|champsim|view)$", "")
                + ".hvt";
    }
}
