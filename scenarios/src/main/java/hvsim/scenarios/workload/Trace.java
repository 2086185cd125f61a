package hvsim.scenarios.workload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * A recorded memory trace: a file of lackey text or {@code .hvt}, plain or compressed with gzip, xz or zstd.
 * What it is, its first bytes say. It is streamed: memory does not depend on its length.
 *
 * <p>Everything here throws {@link hvsim.cpu.ProgramUnreadableException} where the file cannot be read or is
 * damaged; the message names the file and the line or byte.
 */
public final class Trace {
    private final Source source;
    private final String name;
    private final TraceFormat format;
    private final Compression compression;
    private long length;

    private Trace(Source source, String name, TraceFormat format, Compression compression) {
        this.source = source;
        this.name = name;
        this.format = format;
        this.compression = compression;
    }

    /** Where a trace's bytes come from, as often as asked. */
    @FunctionalInterface
    public interface Source {
        /** @throws IOException if they cannot be read */
        InputStream open() throws IOException;
    }

    /**
     * Reads no further than the first reference.
     *
     * @param name what messages call the file
     */
    public static Trace open(Path file, String name) {
        return open(() -> TraceBytes.openFile(file, name), name);
    }

    /** The same for a trace that is no file of its own. */
    public static Trace open(Source source, String name) {
        try (TraceBytes bytes = TraceBytes.open(source, name)) {
            TraceFormat format = formatOf(bytes);
            TraceReader reader = reader(bytes, format, name);
            if (reader.read(new long[2], 0, 1) == 0) {
                throw TraceFault.inFile(
                        name, "holds no reference", "record it with valgrind --tool=lackey --trace-mem=yes");
            }
            return new Trace(source, name, format, bytes.compression());
        }
    }

    public TraceFormat format() {
        return format;
    }

    public Compression compression() {
        return compression;
    }

    /** References in all. Text has to be read to its end for that, once. */
    public synchronized long references() {
        if (length == 0) {
            try (TraceReader reader = reader()) {
                if (reader instanceof HvtReader hvt) {
                    length = hvt.length();
                } else {
                    reader.skip(Long.MAX_VALUE);
                    length = reader.made();
                }
            }
        }
        return length;
    }

    /** The references from number {@code start} on; where they end, all over again from the first if {@code repeat}. */
    public ReferenceSource from(long start, boolean repeat) {
        return new TraceSource(this, start, repeat);
    }

    /** Reads the whole trace and describes it. */
    public TraceInfo info() {
        try (TraceReader reader = reader()) {
            return TraceInfo.of(reader, format, compression);
        }
    }

    /**
     * Writes the trace as {@code .hvt}, whole or not at all.
     *
     * @throws IOException if {@code out} cannot be written
     */
    public void convert(Path out) throws IOException {
        try (TraceReader reader = reader()) {
            TraceConversion.write(reader, out);
        }
    }

    TraceReader reader() {
        TraceBytes bytes = TraceBytes.open(source, name);
        try {
            return reader(bytes, formatOf(bytes), name);
        } catch (RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    private static TraceFormat formatOf(TraceBytes bytes) {
        return bytes.beginsWith(HvtFormat.MAGIC[0]) ? TraceFormat.HVT : TraceFormat.LACKEY;
    }

    private static TraceReader reader(TraceBytes bytes, TraceFormat format, String name) {
        return switch (format) {
            case LACKEY -> new LackeyReader(bytes, name);
            case HVT -> new HvtReader(bytes, name);
        };
    }
}
