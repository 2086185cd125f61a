package hvsim.scenarios.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.ProgramUnreadableException;
import hvsim.scenarios.trace.SampleProgram.Loss;
import hvsim.scenarios.trace.Samples.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FormatsTest {
    @TempDir
    Path folder;

    static Set<String> samples() {
        return Samples.all().keySet();
    }

    /** With {@code -Dhvsim.golden.update=true} the files are written instead. */
    @Test
    void theSampleFilesAreWhatTheirWriterWrites() throws IOException {
        for (Map.Entry<String, Sample> sample : Samples.all().entrySet()) {
            Path file = Samples.FOLDER.resolve(sample.getKey());
            if (Boolean.getBoolean("hvsim.golden.update")) {
                Files.createDirectories(Samples.FOLDER);
                Files.write(file, sample.getValue().bytes());
            }
            assertArrayEquals(sample.getValue().bytes(), Files.readAllBytes(file), sample.getKey());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theContentTellsTheFormat(String name) {
        Sample sample = Samples.all().get(name);
        assertEquals(sample.format(), Traces.open(sample.bytes(), false).format());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void allFormatsOfAProgramAreTheSameReferencesButForWhatTheyDoNotRecord(String name) {
        Sample sample = Samples.all().get(name);
        assertArrayEquals(sample.words(), Traces.words(Traces.open(sample.bytes(), false)));
        assertArrayEquals(sample.words(), Traces.words(Traces.open(sample.bytes(), true)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyFormatConverts(String name) throws IOException {
        Sample sample = Samples.all().get(name);
        Path out = folder.resolve("x.hvt");
        Traces.open(sample.bytes(), false).convert(out);
        assertArrayEquals(sample.words(), Traces.words(Trace.open(out, "x.hvt", false)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void carriageReturnsAreNoPartOfALine(String name) {
        Sample sample = Samples.all().get(name);
        Set<TraceFormat> text =
                Set.of(TraceFormat.LACKEY, TraceFormat.PINATRACE, TraceFormat.GEM5, TraceFormat.DRMEMTRACE);
        if (text.contains(sample.format())) {
            assertArrayEquals(
                    sample.words(), Traces.words(trace(latin(sample.bytes()).replace("\n", "\r\n"))));
        }
    }

    @Test
    void whatIsNoReferenceIsCounted() {
        assertEquals(38, open("sample.gem5").info().passedOver());
        assertEquals(1, open("sample.drmemtrace").info().passedOver());
        assertEquals(2, open("sample.drmemtrace").info().threads());
        assertEquals(2, open("sample-workload.drmemtrace").info().threads());
        assertEquals(2, open("sample-workload.drmemtrace").info().passedOver());
        assertEquals(0, open("sample.lackey").info().threads());
    }

    @Test
    void aTraceOfSeveralThreadsIsDealtOutByThread() {
        for (String name : new String[] {"sample.drmemtrace", "sample-workload.drmemtrace"}) {
            for (int thread = 0; thread < 2; thread++) {
                long[] words = SampleProgram.words(SampleProgram.steps(thread), Loss.NOTHING);
                assertArrayEquals(words, Traces.words(open(name).part(thread, 2)));
                assertArrayEquals(words, Traces.words(open(name).part(thread, 3)));
            }
            assertEquals(0, open(name).part(2, 3).references());
        }
    }

    @Test
    void anyOtherTraceIsCutIntoStretches() {
        long[] whole =
                open("sample.lackey").part(0, 1).references() == 0 ? new long[0] : Traces.words(open("sample.lackey"));
        for (int parts = 1; parts < 9; parts++) {
            long[] joined = new long[0];
            for (int part = 0; part < parts; part++) {
                Trace stretch = open("sample.lackey").part(part, parts);
                long[] words = Traces.words(stretch);
                int end = joined.length;
                joined = Arrays.copyOf(joined, end + words.length);
                System.arraycopy(words, 0, joined, end, words.length);
                long even = open("sample.lackey").references() / parts;
                assertTrue(Math.abs(even - stretch.references()) <= 1, "part " + part + " of " + parts);
            }
            assertArrayEquals(whole, joined);
        }
    }

    @Test
    void pinatraceRecordsThatAreDamagedAreNamed() {
        String good = "0x401000: R 0x7f0000001000\n";
        assertFault("line 2 of the text: '401000 R 10' has no instruction's address and ': '", good + "401000 R 10\n");
        assertFault("line 3 of the text: '0x401000: X 0x10' has neither R nor W", "#\n" + good + "0x401000: X 0x10\n");
        assertFault("has no address of 64 bits", good + "0x401000: R zzz\n");
        assertFault("has no size of 1 to", good + "0x401000: R 0x10 x\n");
        assertFault("has no size of 1 to", good + "0x401000: R 0x10 0\n");
        assertFault("is at no address of a 48-bit machine", good + "0x401000: R 0x800000000000\n");
        assertFault("line 2 of the text: the file ends in the middle of '0x4010'", good + "0x4010");
    }

    @Test
    void gem5PacketsThatAreDamagedAreNamed() {
        String good = "r,128,64,4000\n";
        assertFault("line 2 of the text: 'x,128,64,0' has no command r, w or u", good + "x,128,64,0\n");
        assertFault("begins with no identifier", good + "99999999999999999999,r,1,1,1\n");
        assertFault("has no address of 64 bits", good + "r,-1,64,0\n");
        assertFault("has no address of 64 bits", good + "r,128\n");
        assertFault("has no size", good + "r,128,\n");
        assertFault("has no size of 1 to", good + "r,128,0,1\n");
        assertFault("has no tick", good + "r,128,8\n");
        assertFault("has no tick", good + "r,128,8,1,2,3,4\n");
        assertFault("is at no address", good + "w,281474976710656,8,1\n");
    }

    @Test
    void drmemtraceRecordsThatAreDamagedAreNamed() {
        String good = "  1   1:  7 ifetch  3 byte(s) @ 0x401000 non-branch\n";
        assertFault("line 2 of the text: 'x' has no number of a record", good + "x\n");
        assertFault("has no ': THREAD '", good + "  1   1  7 ifetch  3 byte(s) @ 0x401000\n");
        assertFault("is none of ifetch, read and write", good + "  1   1:  7 reads  3 byte(s) @ 0x401000\n");
        assertFault("has no size of 1 to", good + "  1   1:  7 read  0 byte(s) @ 0x401000\n");
        assertFault("has no ' byte(s) @ 0xADDRESS'", good + "  1   1:  7 read  3 bytes @ 0x401000\n");
    }

    @Test
    void drmemtraceNotesNeedNoPrefix() {
        String text = "  1   1:  7 ifetch  3 byte(s) @ 0x401000 non-branch\n<marker: core is idle>\n";
        assertEquals(1, trace(text).references());
    }

    @Test
    void drmemtraceThreadsAreBounded() {
        StringBuilder text = new StringBuilder("  1   1:  1 ifetch  3 byte(s) @ 0x401000 non-branch\n");
        for (int thread = 2; thread <= Threads.MOST + 1; thread++) {
            text.append("1 1: ").append(thread).append(" <marker>\n");
        }
        assertFault("'1 1: 65537 <marker>' is of more threads than 65,536", text.toString());
    }

    @Test
    void champsimRecordsThatAreDamagedAreNamed() {
        byte[] good = Samples.all().get("sample.champsim").bytes();
        byte[] damaged = good.clone();
        damaged[64 + 8] = 7;
        assertFault("byte 64 of the records: is_branch and branch_taken are 7 and 0, not 0 or 1", damaged);
        Arrays.fill(damaged, 64, 128, (byte) 0);
        assertFault("byte 64 of the records: the instruction's address is 0", damaged);
        assertFault("byte 64 of the records: the file ends in the middle of a record", Arrays.copyOf(good, 64 + 63));
    }

    @Test
    void whatIsNoTraceNamesTheFormats() {
        assertFault("'hello' begins no trace that hvsim reads", "hello\nworld\n");
        assertFault("formats: lackey, pinatrace, gem5, champsim, drmemtrace, hvt", "hello\n");
        assertFault("is gem5's own form: print it with", "gem5\1\2");
    }

    @Test
    void textThatIsNotWrittenInBytesSaysSo() {
        assertFault("is text in UTF-16, as PowerShell redirects it", "\u00ff\u00feI\0 \0 \0");
    }

    @Test
    void textBeforeATraceDoesNotHideItsFormat() {
        assertFault("line 1 of the text: 'hello' has no command", "hello\nr,128,64,4000\n");
    }

    @Test
    void lenientReadingLeavesOutWhatIsDamagedAndCountsIt() {
        String text = "#\nhello\n0x401000: R 0x1000\nxx: R\n0x401000: R 0x2000\n0x40";
        Trace trace = Traces.open(text.getBytes(StandardCharsets.US_ASCII), true);
        assertEquals(3, trace.references());
        assertEquals(3, trace.info().leftOut());
        assertEquals(
                "line 2 of the text: 'hello' has no instruction's address and ': '",
                trace.leftOut().first());
        assertEquals(3, trace.references());
        assertEquals(3, trace.leftOut().count());
    }

    @Test
    void lenientReadingGoesOnBehindEachKindOfDamage() {
        assertEquals(2, lenient("I  00001000,1\n" + "y".repeat(1 << 20) + "\nI  00001000,1\n=1=\n L 1,0\n"));
        assertEquals(2, lenient("r,128,64,4000\n" + "y".repeat(1 << 20) + "\nr,128,64,4000\n=1=\n L 1,0\n"));
        assertEquals(1, lenient("I  00001000,1\n==1== cut off"));
    }

    @Test
    void lenientReadingEndsWhereACompressedFileIsCutOff() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(whole)) {
            gzip.write(Traces.random(5, 30_000).getBytes(StandardCharsets.US_ASCII));
        }
        Trace trace = Traces.open(Arrays.copyOf(whole.toByteArray(), whole.size() / 2), true);
        assertTrue(trace.references() > 0);
        assertTrue(trace.leftOut().count() <= 2, trace.leftOut().note());
    }

    @Test
    void lenientReadingLeavesOutADamagedBlock() throws IOException {
        Path out = folder.resolve("x.hvt");
        Traces.open(Traces.random(5, 30_000).getBytes(StandardCharsets.US_ASCII), false)
                .convert(out);
        byte[] bytes = Files.readAllBytes(out);
        bytes[HvtFormat.HEADER_BYTES + 100] ^= 1;
        Trace trace = Traces.open(bytes, true);
        assertEquals(30_000 - HvtFormat.BLOCK_REFERENCES, trace.references());
        assertEquals(1, trace.leftOut().count());
    }

    private static long lenient(String text) {
        return Traces.open(text.getBytes(StandardCharsets.US_ASCII), true).references();
    }

    private static Trace open(String name) {
        return Traces.open(Samples.all().get(name).bytes(), false);
    }

    private static Trace trace(String text) {
        return Traces.open(text.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void assertFault(String message, String text) {
        assertFault(message, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void assertFault(String message, byte[] bytes) {
        String is = assertThrows(
                        ProgramUnreadableException.class,
                        () -> Traces.open(bytes, false).references())
                .getMessage();
        assertTrue(is.startsWith("t: error: ") && is.contains(message), is);
    }
}
