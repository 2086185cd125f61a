package hvsim.scenarios.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where a command prints: the result on standard output, everything else on standard error, always in UTF-8.
 *
 * @param out unbuffered; its exceptions are seen, which {@link PrintStream} would hide
 * @param terminal whether standard error is a terminal that shows progress
 * @param colour whether the result may be coloured
 */
public record Console(OutputStream out, PrintStream err, boolean terminal, boolean colour) {
    /** The launcher knows what is a terminal; Java before 22 cannot tell for one stream alone. */
    public static Console ofProcess() {
        boolean outTerminal = Boolean.getBoolean("hvsim.stdout.terminal");
        String noColor = System.getenv("NO_COLOR");
        return new Console(
                new FileOutputStream(FileDescriptor.out),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Boolean.getBoolean("hvsim.stderr.terminal"),
                outTerminal && (noColor == null || noColor.isEmpty()));
    }

    /** A reader that went away, as {@code head} does, is no fault; a full disk is. */
    void print(String text) throws IOException {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            if (!isBrokenPipe(e)) {
                throw new IOException("standard output: " + e.getMessage(), e);
            }
        }
    }

    private static boolean isBrokenPipe(IOException e) {
        return e.getMessage() != null && e.getMessage().contains("Broken pipe");
    }

    void complain(List<String> lines) {
        lines.forEach(err::println);
    }
}
