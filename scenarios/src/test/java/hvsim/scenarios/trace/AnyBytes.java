package hvsim.scenarios.trace;

import hvsim.cpu.ProgramUnreadableException;
import java.util.Arrays;

/**
 * What reading promises of any bytes at all: references, or a fault that names the file; the same ones however they
 * are asked for; and lenient reading leaves nothing out of what strict reading takes. Also the target of the fuzzer.
 */
public final class AnyBytes {
    private static final int MOST_REFERENCES = 1 << 17;

    private AnyBytes() {}

    /** The fuzzer's entry; it knows it by this name. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        long[] strict = read(bytes, false);
        long[] lenient = read(bytes, true);
        check(strict.length == 0 || Arrays.equals(strict, lenient), "lenient reading of what is not damaged");
    }

    /** All words, nothing if the trace turned out damaged or too long. */
    private static long[] read(byte[] bytes, boolean lenient) {
        try {
            Trace trace = Traces.open(bytes, lenient);
            long[] words = read(trace, 1 << 10);
            check(!lenient || Arrays.equals(words, read(trace, 7)), "pieces of another size");
            check(lenient || trace.leftOut().count() == 0, "strict reading left something out");
            return words;
        } catch (ProgramUnreadableException e) {
            check(e.getMessage().startsWith("t: error: ") && !e.getMessage().contains("\tat "), e.getMessage());
            return new long[0];
        }
    }

    private static long[] read(Trace trace, int piece) {
        long[] words = new long[1 << 10];
        try (TraceReader reader = trace.reader()) {
            int n = 0;
            while (reader.made() < MOST_REFERENCES) {
                words = n + Words.MOST * piece > words.length
                        ? Arrays.copyOf(words, 2 * words.length + 2 * piece)
                        : words;
                int end = reader.read(words, n, piece);
                if (end == n) {
                    return Arrays.copyOf(words, n);
                }
                n = end;
            }
            return new long[0];
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
