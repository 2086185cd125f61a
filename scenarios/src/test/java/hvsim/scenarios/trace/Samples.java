package hvsim.scenarios.trace;

import hvsim.scenarios.trace.SampleProgram.Loss;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** The files in {@code src/test/resources/hvsim/scenarios/trace}, and what they hold. */
final class Samples {
    static final Path FOLDER = Path.of("src/test/resources/hvsim/scenarios/trace");

    /** A sample: how it is written, as what it is told, and what its format loses. */
    record Sample(byte[] bytes, TraceFormat format, Loss loss) {
        long[] words() {
            return SampleProgram.words(SampleProgram.steps(), loss);
        }
    }

    private Samples() {}

    /** By file name. */
    static Map<String, Sample> all() {
        List<SampleProgram.Step> steps = SampleProgram.steps();
        Map<String, Sample> samples = new LinkedHashMap<>();
        Loss addressesOnly = new Loss(false, false, false);
        Loss champsim = new Loss(true, false, false);
        samples.put("sample.lackey", new Sample(SampleWriter.lackey(steps), TraceFormat.LACKEY, Loss.NOTHING));
        samples.put(
                "sample.pinatrace",
                new Sample(SampleWriter.pinatrace(steps, false), TraceFormat.PINATRACE, addressesOnly));
        samples.put(
                "sample-values.pinatrace",
                new Sample(SampleWriter.pinatrace(steps, true), TraceFormat.PINATRACE, new Loss(false, false, true)));
        samples.put("sample.gem5", new Sample(SampleWriter.gem5(steps), TraceFormat.GEM5, Loss.NOTHING));
        samples.put("sample.champsim", new Sample(SampleWriter.champsim(steps), TraceFormat.CHAMPSIM, champsim));
        samples.put("sample.champsim.xz", new Sample(xz(SampleWriter.champsim(steps)), TraceFormat.CHAMPSIM, champsim));
        samples.put(
                "sample.drmemtrace", new Sample(ViewWriter.write(steps, false), TraceFormat.DRMEMTRACE, Loss.NOTHING));
        samples.put(
                "sample-workload.drmemtrace",
                new Sample(ViewWriter.write(steps, true), TraceFormat.DRMEMTRACE, Loss.NOTHING));
        samples.put("sample.hvt", new Sample(converted(SampleWriter.lackey(steps)), TraceFormat.HVT, Loss.NOTHING));
        return samples;
    }

    private static byte[] xz(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream xz = new XZOutputStream(out, new LZMA2Options())) {
            xz.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] converted(byte[] lackey) {
        try {
            Path file = Files.createTempFile("sample", ".hvt");
            Traces.open(lackey, false).convert(file);
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
