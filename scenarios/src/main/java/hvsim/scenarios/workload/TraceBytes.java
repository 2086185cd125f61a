package hvsim.scenarios.workload;

import hvsim.cpu.ProgramUnreadableException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The decompressed bytes of a trace; whatever goes wrong below comes out as a fault of the file. */
final class TraceBytes implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final String name;
    private final Compression compression;
    private final InputStream in;
    private long offset;

    private TraceBytes(String name, Compression compression, InputStream in) {
        this.name = name;
        this.compression = compression;
        this.in = in;
    }

    /** The bytes of a file as they lie there. */
    static InputStream openFile(Path file, String name) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            String what = Files.isDirectory(file) ? "is a folder, not a trace" : "is no regular file";
            throw TraceFault.inFile(
                    name, what, "a trace is the text of valgrind's lackey, or what trace convert made of it");
        }
        return openRaw(file, name);
    }

    static TraceBytes open(Trace.Source source, String name) {
        InputStream raw = opened(source, name);
        try {
            BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER_BYTES);
            buffered.mark(Compression.MAGIC_BYTES);
            byte[] start = buffered.readNBytes(Compression.MAGIC_BYTES);
            buffered.reset();
            Compression compression = Compression.of(start, start.length);
            InputStream text = new BufferedInputStream(compression.open(buffered), BUFFER_BYTES);
            return new TraceBytes(name, compression, text);
        } catch (IOException | RuntimeException e) {
            closeQuietly(raw);
            throw unreadable(name, e, "the beginning");
        }
    }

    Compression compression() {
        return compression;
    }

    /** Whether the first byte, not read yet, is that one. */
    boolean beginsWith(byte first) {
        in.mark(1);
        byte[] next = new byte[1];
        boolean is = read(next, 0, 1) == 1 && next[0] == first;
        try {
            in.reset();
        } catch (IOException e) {
            throw unreadable(name, e, "the beginning");
        }
        offset = 0;
        return is;
    }

    /** Decompressed bytes read so far. */
    long offset() {
        return offset;
    }

    /** Reads until {@code length} bytes are there or the trace ends; the number read, 0 at the end. */
    int read(byte[] into, int from, int length) {
        try {
            int n = in.readNBytes(into, from, length);
            offset += n;
            return n;
        } catch (IOException | RuntimeException e) { // decompressors throw both on damaged input
            throw unreadable(name, e, "after byte " + TraceFault.number(offset) + " of the decompressed text");
        }
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
            throw TraceFault.inFile(name, "there is no such file", "paths are relative to the scenario's file");
        } catch (AccessDeniedException e) {
            throw TraceFault.inFile(name, "cannot be read: permission denied", "make it readable");
        } catch (IOException e) {
            throw unreadable(name, e, "the beginning");
        }
    }

    private static ProgramUnreadableException unreadable(String name, Exception cause, String where) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return TraceFault.inFile(
                name, "damaged or cut off, " + where + ": " + reason, "record, copy or compress the trace again");
    }

    private static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            // Only read from: nothing is lost.
        }
    }
}
