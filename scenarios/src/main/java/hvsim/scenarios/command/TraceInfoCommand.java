package hvsim.scenarios.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "info",
        description = "Say what is in a trace.",
        footer = {"", "Example:", "  hvsim trace info gzip.lackey.xz"})
final class TraceInfoCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "A trace: lackey text, plain or .gz .xz .zst, or .hvt.")
    private String file = "";

    private final Context context;

    TraceInfoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws WrongInputException, IOException {
        context.console().print(String.join("\n", context.bench().describeTrace(file)) + "\n");
        return ExitStatus.DONE;
    }
}
