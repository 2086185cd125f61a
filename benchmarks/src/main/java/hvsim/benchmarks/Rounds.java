package hvsim.benchmarks;

import hvsim.cpu.GuestOp;
import hvsim.scenarios.trace.Trace;
import hvsim.scenarios.workload.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What benchmarks run over and over: {@link #REFERENCES} references, in memory. */
final class Rounds {
    /** As many in each round, so that JMH can be told. */
    static final int REFERENCES = 4_000_000;

    private static final int PAGE_SHIFT = 12;
    private static final int PAGES = (256 << 20) >>> PAGE_SHIFT;
    private static final long FIRST_GVA = 1L << 32;
    private static final int LOAD_BYTES = 8;
    private static final long SEED = 1;

    private Rounds() {}

    /**
     * The first references of a trace.
     *
     * @throws IllegalArgumentException if it has not that many
     */
    static WordLoop ofTrace(Path file) {
        Trace trace = Trace.open(file, file.toString(), false);
        try (Program program = Replay.program(trace, REFERENCES)) {
            long[] words = new long[REFERENCES];
            long[] batch = new long[1 << 12];
            int length = 0;
            for (int n = program.fill(batch); n > 0; n = program.fill(batch)) {
                words = length + n <= words.length ? words : Arrays.copyOf(words, 2 * words.length);
                System.arraycopy(batch, 0, words, length, n);
                length += n;
            }
            WordLoop loop = new WordLoop(words, length);
            if (loop.references() != REFERENCES) {
                throw new IllegalArgumentException(file + ": has fewer than " + REFERENCES + " references");
            }
            return loop;
        }
    }

    /** Loads of 8 bytes, each from anywhere in 256 MiB: hardly one that does not need a walk. */
    static WordLoop uniform() {
        SplittableRandom random = new SplittableRandom(SEED);
        boolean[] mapped = new boolean[PAGES];
        long[] words = new long[REFERENCES + PAGES];
        int n = 0;
        for (int i = 0; i < REFERENCES; i++) {
            long offset = random.nextLong(((long) PAGES << PAGE_SHIFT) / LOAD_BYTES) * LOAD_BYTES;
            int page = (int) (offset >>> PAGE_SHIFT);
            if (!mapped[page]) {
                mapped[page] = true;
                words[n++] = GuestOp.premap(FIRST_GVA + offset);
            }
            words[n++] = GuestOp.memory(GuestOp.READ, FIRST_GVA + offset, LOAD_BYTES);
        }
        return new WordLoop(words, n);
    }

    /** Writes a round as {@code reftlb} reads it: address in bits 47:0, size in 60:48, kind in 63:62. */
    static void write(WordLoop loop, Path mtr) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES * REFERENCES).order(ByteOrder.LITTLE_ENDIAN);
        long[] words = loop.round();
        for (int i = 0; i < words.length; i += GuestOp.words(words[i])) {
            long word = words[i];
            out.putLong(
                    GuestOp.kind(word) == GuestOp.WIDE
                            ? record(GuestOp.wideAccess(word), words[i + 1], GuestOp.wideSizeBytes(word))
                            : record(GuestOp.kind(word), GuestOp.gva(word), GuestOp.sizeBytes(word)));
        }
        Files.write(mtr, out.array());
    }

    private static long record(int access, long gva, int sizeBytes) {
        return (long) access << 62 | (long) sizeBytes << 48 | gva;
    }
}
