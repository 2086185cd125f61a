package hvsim.scenarios.trace;

import hvsim.cpu.ProgramUnreadableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * A recorded memory trace, or a part of one: a file in one of the {@linkplain TraceFormat formats}, plain or
 * compressed. What it is, its first bytes say. It is streamed: memory does not depend on its length.
 *
 * <p>Everything here throws {@link ProgramUnreadableException} where the file cannot be read or is damaged; the
 * message names the file and the line or byte. Read leniently, damaged lines, records and blocks are left out and
 * counted instead, and what is cut off ends there.
 */
public final class Trace {
    private static final int UNKNOWN = -1;

    private final Opened opened;
    private final TraceFormat format;
    private final Compression compression;
    private final Selection selection;
    private long length;
    private int threads = UNKNOWN;

    private Trace(Opened opened, TraceFormat format, Compression compression, Selection selection, long length) {
        this.opened = opened;
        this.format = format;
        this.compression = compression;
        this.selection = selection;
        this.length = length;
    }

    /** Where a trace's bytes come from, as often as asked. */
    @FunctionalInterface
    public interface Source {
        /** @throws IOException if they cannot be read */
        InputStream open() throws IOException;
    }

    private record Opened(Source source, String name, boolean lenient, LeftOut leftOut) {
        Damage damage() {
            return new Damage(name, lenient, leftOut);
        }
    }

    /** The references from {@code start} up to {@code end} of those of some threads. */
    private record Selection(ThreadPart threads, long start, long end) {
        static final Selection WHOLE = new Selection(ThreadPart.ALL, 0, Long.MAX_VALUE);
    }

    /**
     * Reads no further than the first reference.
     *
     * @param name what messages call the file
     */
    public static Trace open(Path file, String name, boolean lenient) {
        return open(() -> TraceBytes.openFile(file, name), name, lenient);
    }

    /** The same for a trace that is no file of its own. */
    public static Trace open(Source source, String name, boolean lenient) {
        Opened opened = new Opened(source, name, lenient, new LeftOut());
        try (TraceBytes bytes = TraceBytes.open(source, opened.damage())) {
            TraceFormat format = Detection.of(bytes, name);
            Trace trace = new Trace(opened, format, bytes.compression(), Selection.WHOLE, UNKNOWN);
            if (trace.reader(bytes).read(new long[Words.MOST], 0, 1) == 0) {
                throw TraceFault.inFile(name, "holds no reference", "record it again; docs/traces.md says how");
            }
            return trace;
        }
    }

    public TraceFormat format() {
        return format;
    }

    public Compression compression() {
        return compression;
    }

    /** What lenient reading met so far. */
    public LeftOut leftOut() {
        return opened.leftOut();
    }

    /** References in all. Text has to be read to its end for that, once. */
    public synchronized long references() {
        if (length == UNKNOWN) {
            length = count();
        }
        return length;
    }

    /**
     * What virtual processor {@code vcpu} of {@code vcpus} executes. A trace of several threads is dealt out by
     * thread, the k-th thread to number k modulo {@code vcpus}, so that a processor may be left without any. Any
     * other is cut into stretches of equal length.
     *
     * @param vcpu from 0
     */
    public Trace part(int vcpu, int vcpus) {
        if (vcpus == 1) {
            return this;
        }
        if (threads() > 1) {
            return select(new Selection(new ThreadPart(vcpu, vcpus), 0, Long.MAX_VALUE), UNKNOWN);
        }
        long start = Parts.start(references(), vcpu, vcpus);
        long end = Parts.start(references(), vcpu + 1, vcpus);
        return select(new Selection(ThreadPart.ALL, start, end), end - start);
    }

    /** Reads the whole trace and describes it. */
    public TraceInfo info() {
        try (TraceReader reader = reader()) {
            return TraceInfo.of(reader, format, compression, opened.leftOut());
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

    /** A reader at the first reference. */
    public TraceReader reader() {
        TraceBytes bytes = TraceBytes.open(opened.source(), opened.damage());
        try {
            TraceReader reader = reader(bytes);
            boolean isWhole = selection.start() == 0 && selection.end() == Long.MAX_VALUE;
            return isWhole ? reader : new StretchReader(reader, selection.start(), selection.end() - selection.start());
        } catch (RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    private Trace select(Selection part, long partLength) {
        return new Trace(opened, format, compression, part, partLength);
    }

    private long count() {
        try (TraceReader reader = reader()) {
            if (reader instanceof HvtReader hvt && !opened.lenient()) {
                return hvt.length();
            }
            reader.skip(Long.MAX_VALUE);
            return reader.made();
        }
    }

    private synchronized int threads() {
        if (threads == UNKNOWN) {
            threads = format == TraceFormat.DRMEMTRACE ? countThreads() : 0;
        }
        return threads;
    }

    private int countThreads() {
        try (TraceReader reader = reader()) {
            reader.skip(Long.MAX_VALUE);
            return reader.threads();
        }
    }

    private TraceReader reader(TraceBytes bytes) {
        return switch (format) {
            case LACKEY -> new LackeyReader(bytes, opened.damage());
            case PINATRACE -> new PinatraceReader(bytes, opened.damage());
            case GEM5 -> new Gem5Reader(bytes, opened.damage());
            case CHAMPSIM -> new ChampsimReader(bytes, opened.damage());
            case DRMEMTRACE -> new DrmemtraceReader(bytes, opened.damage(), selection.threads());
            case HVT -> new HvtReader(bytes, opened.damage());
        };
    }
}
