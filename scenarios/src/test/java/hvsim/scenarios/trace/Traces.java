package hvsim.scenarios.trace;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Traces made up for tests. */
public final class Traces {
    private Traces() {}

    public static Trace write(Path file, String text) throws IOException {
        return write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Trace write(Path file, byte[] bytes) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(bytes);
        }
        return Trace.open(file, file.getFileName().toString(), false);
    }

    /** Lackey text with sizes, distances and kinds of every sort. */
    public static String random(long seed, int references) {
        SplittableRandom random = new SplittableRandom(seed);
        String[] kinds = {"I  ", " L ", " S ", " M "};
        int[] sizes = {1, 2, 3, 4, 5, 6, 7, 8, 10, 15, 16, 17, 32, 512, 1 << 20};
        StringBuilder text = new StringBuilder();
        long at = 0x400000;
        for (int i = 0; i < references; i++) {
            int jump = random.nextInt(100);
            at = jump < 2
                    ? random.nextLong(0, 1L << 46)
                    : jump < 4 ? -random.nextLong(1L << 21, 1L << 46) : at + random.nextInt(-64, 65);
            text.append(kinds[random.nextInt(4)]).append(String.format("%08x", at));
            text.append(',').append(sizes[random.nextInt(sizes.length)]).append('\n');
        }
        return text.toString();
    }

    static Trace open(byte[] bytes, boolean lenient) {
        return Trace.open(() -> new ByteArrayInputStream(bytes), "t", lenient);
    }

    static long[] words(Trace trace) {
        return words(trace, 0);
    }

    static long[] words(Trace trace, long start) {
        try (TraceReader reader = trace.reader()) {
            reader.skip(start);
            return words(reader);
        }
    }

    /** All words that a reader reads, asked for in pieces of different sizes. */
    static long[] words(TraceReader source) {
        long[] words = new long[64];
        int n = 0;
        for (int piece = 1; ; piece = piece % 31 + 1) {
            words = n + 64 > words.length ? Arrays.copyOf(words, 2 * words.length + 64) : words;
            int end = source.read(words, n, piece);
            if (end == n) {
                return Arrays.copyOf(words, n);
            }
            n = end;
        }
    }
}
