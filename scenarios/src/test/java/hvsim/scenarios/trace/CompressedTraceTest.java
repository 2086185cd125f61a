package hvsim.scenarios.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hvsim.cpu.ProgramUnreadableException;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class CompressedTraceTest {
    private static final byte[] TEXT = Traces.random(7, 20_000).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void theFirstBytesTellTheCompressionWhateverTheName(Compression compression) throws IOException {
        Trace trace = Traces.write(folder.resolve("t.txt"), compressed(compression, TEXT));
        assertEquals(compression, trace.compression());
        assertArrayEquals(plainWords(), Traces.words(trace));
    }

    @ParameterizedTest
    @EnumSource
    void theConvertedTraceIsTheSameProgram(Compression compression) throws IOException {
        Trace trace = Traces.write(folder.resolve("t"), compressed(compression, TEXT));
        trace.convert(folder.resolve("t.hvt"));
        Trace converted = Trace.open(folder.resolve("t.hvt"), "t.hvt", false);
        assertArrayEquals(plainWords(), Traces.words(converted));
        assertEquals(20_000, converted.references());
        assertArrayEquals(Traces.words(trace, 12_345), Traces.words(converted, 12_345));
    }

    @ParameterizedTest
    @EnumSource
    void aCompressedFileCutAnywhereIsNoticed(Compression compression) throws IOException {
        byte[] whole = compressed(compression, TEXT);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 60; i++) {
            int length = i == 0 ? whole.length - 1 : random.nextInt(whole.length);
            if (compression != Compression.NONE || TEXT[Math.max(0, length - 1)] != '\n') {
                assertUnreadable(Arrays.copyOf(whole, length));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesAfterTheEndAreNotIgnored(Compression compression) throws IOException {
        byte[] whole = compressed(compression, TEXT);
        byte[] more = Arrays.copyOf(whole, whole.length + 13);
        Arrays.fill(more, whole.length, more.length, (byte) 'x');
        assertUnreadable(more);
    }

    @ParameterizedTest
    @EnumSource
    void damageIsNeverAnythingButAnUnreadableProgram(Compression compression) throws IOException {
        damageAtRandom(compressed(compression, TEXT));
    }

    @Test
    void damageOfAConvertedTraceIsAlwaysNoticed() throws IOException {
        byte[] whole = converted();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            assertUnreadable(damaged);
            assertUnreadable(Arrays.copyOf(whole, random.nextInt(whole.length)));
        }
        assertUnreadable(Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void aConvertedTraceMayBeCompressedToo() throws IOException {
        Trace trace = Traces.write(folder.resolve("t"), compressed(Compression.GZIP, converted()));
        assertEquals(TraceFormat.HVT, trace.format());
        assertArrayEquals(plainWords(), Traces.words(trace));
    }

    private void damageAtRandom(byte[] whole) throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = whole.clone();
            for (int times = random.nextInt(1, 4); times > 0; times--) {
                damaged[random.nextInt(i % 4 == 0 ? 40 : whole.length)] = (byte) random.nextInt();
            }
            try {
                Traces.write(folder.resolve("d"), damaged).references();
            } catch (ProgramUnreadableException e) {
                assertEquals(0, e.getMessage().indexOf("d: error: "));
            }
        }
    }

    private void assertUnreadable(byte[] bytes) {
        assertThrows(
                ProgramUnreadableException.class,
                () -> Traces.write(folder.resolve("d"), bytes).info(),
                () -> bytes.length + " bytes");
    }

    private byte[] converted() throws IOException {
        Traces.write(folder.resolve("t"), TEXT).convert(folder.resolve("t.hvt"));
        return Files.readAllBytes(folder.resolve("t.hvt"));
    }

    private long[] plainWords() throws IOException {
        return Traces.words(Traces.write(folder.resolve("plain"), TEXT));
    }

    private static byte[] compressed(Compression compression, byte[] text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compressor(compression, bytes)) {
            out.write(text);
        }
        return bytes.toByteArray();
    }

    private static OutputStream compressor(Compression compression, OutputStream to) throws IOException {
        return switch (compression) {
            case NONE -> to;
            case GZIP -> new GZIPOutputStream(to);
            case XZ -> new XZOutputStream(to, new LZMA2Options());
            case ZSTD -> new ZstdOutputStream(to);
        };
    }
}
