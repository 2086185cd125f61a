package hvsim.scenarios.trace;

import hvsim.cpu.ProgramUnreadableException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The decompressed bytes of a trace; whatever goes wrong below comes out as a fault of the file. */
final class TraceBytes implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String RULE = "record, copy or compress the trace again";

    private final Damage damage;
    private final Compression compression;
    private final InputStream in;
    private long offset;
    private boolean ended;
    private Optional<Exception> failure = Optional.empty();
    private long readable = Long.MAX_VALUE;

    private TraceBytes(Damage damage, Compression compression, InputStream in) {
        this.damage = damage;
        this.compression = compression;
        this.in = in;
    }

    /** The bytes of a file as they lie there. */
    static InputStream openFile(Path file, String name) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            String what = Files.isDirectory(file) ? "is a folder, not a trace" : "is no regular file";
            throw TraceFault.inFile(name, what, TraceFormat.choices());
        }
        return openRaw(file, name);
    }

    static TraceBytes open(Trace.Source source, Damage damage) {
        String name = damage.file();
        InputStream raw = opened(source, name);
        try {
            BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER_BYTES);
            buffered.mark(Compression.MAGIC_BYTES);
            byte[] start = buffered.readNBytes(Compression.MAGIC_BYTES);
            buffered.reset();
            Compression compression = Compression.of(start, start.length);
            InputStream text = new BufferedInputStream(compression.open(buffered), BUFFER_BYTES);
            return new TraceBytes(damage, compression, text);
        } catch (IOException | RuntimeException e) {
            closeQuietly(raw);
            throw unreadable(name, e, "the beginning");
        }
    }

    Compression compression() {
        return compression;
    }

    /** The first bytes, not read yet: as many as there are, up to {@code length}. Damage waits for who reads on. */
    byte[] peek(int length) {
        byte[] start = new byte[length];
        int n = 0;
        try {
            in.mark(length);
            for (int more = 1; more > 0; n += Math.max(more, 0)) {
                more = in.read(start, n, length - n);
            }
        } catch (IOException | RuntimeException e) {
            failure = Optional.of(e);
            readable = n;
            if (n == 0) {
                throw unreadable(damage.file(), e, "the beginning");
            }
        }
        reset();
        return Arrays.copyOf(start, n);
    }

    private void reset() {
        try {
            in.reset();
        } catch (IOException e) {
            throw unreadable(damage.file(), e, "the beginning");
        }
    }

    /** Decompressed bytes read so far. */
    long offset() {
        return offset;
    }

    /** Reads until {@code length} bytes are there or the trace ends; the number read, 0 at the end. */
    int read(byte[] into, int from, int length) {
        int n = 0;
        while (n < length && !ended) {
            n += readSome(into, from + n, length - n);
        }
        return n;
    }

    private int readSome(byte[] into, int from, int length) {
        int n = 0;
        try {
            n = in.read(into, from, (int) Math.min(length, readable - offset));
            ended = n < 0 || offset + n == readable;
        } catch (IOException | RuntimeException e) { // decompressors throw both on damaged input
            ended = true;
            failure = Optional.of(e);
        }
        n = Math.max(n, 0);
        offset += n;
        if (ended && failure.isPresent()) {
            damaged(failure.get());
        }
        return n;
    }

    private void damaged(Exception cause) {
        damage.at("after byte " + TraceFault.number(offset) + " of the decompressed text", reason(cause), RULE);
    }

    @Override
    public void close() {
        closeQuietly(in);
    }

    private static InputStream opened(Trace.Source source, String name) {
        try {
            return source.open();
        } catch (IOException e) {
            throw unreadable(name, e, "the beginning");
        }
    }

    private static InputStream openRaw(Path file, String name) {
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw TraceFault.inFile(name, "there is no such file", "in a scenario, paths are relative to its file");
        } catch (AccessDeniedException e) {
            throw TraceFault.inFile(name, "cannot be read: permission denied", "make it readable");
        } catch (IOException e) {
            throw unreadable(name, e, "the beginning");
        }
    }

    private static ProgramUnreadableException unreadable(String name, Exception cause, String where) {
        return TraceFault.inFile(name, where + ": " + reason(cause), RULE);
    }

    private static String reason(Exception cause) {
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return "damaged or cut off: " + message;
    }

    private static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            // Only read from: nothing is lost.
        }
    }
}
