package hvsim.scenarios.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.GuestOp;
import hvsim.cpu.ProgramUnreadableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {
    private static final String LACKEY = """
            ==17== Lackey, an example Valgrind tool
            I  04016b70,3
             L 1fff000d28,8
            ==17== in between
            --17-- more, with -v
            **17** from the program itself
             S 7ffffffffff8,8
             M 00001ffe,4
             L 00002000,512
            I  ffffffffff600000,9
            ==17== the end
            """;

    @TempDir
    Path folder;

    @Test
    void everyRecordOfTheTextIsOneReference() throws IOException {
        long[] expected = {
            GuestOp.memory(GuestOp.FETCH, 0x04016b70, 3),
            GuestOp.memory(GuestOp.READ, 0x1fff000d28L, 8),
            GuestOp.memory(GuestOp.WRITE, 0x7ffffffffff8L, 8),
            GuestOp.memory(GuestOp.MODIFY, 0x1ffe, 4),
            GuestOp.wide(GuestOp.READ, 512),
            0x2000,
            GuestOp.memory(GuestOp.FETCH, 0xffffffffff600000L, 9)
        };
        assertArrayEquals(expected, Traces.words(trace(LACKEY)));
    }

    @Test
    void infoCountsByKind() throws IOException {
        TraceInfo info = trace(LACKEY).info();
        assertEquals(2, info.instructions());
        assertEquals(2, info.loads());
        assertEquals(1, info.stores());
        assertEquals(1, info.modifies());
        assertEquals(6, info.references());
        assertEquals(1, info.straddling());
        assertEquals(6, info.pages());
        assertEquals(6 * 4096, info.footprints().get(0).bytes());
        assertEquals(0x1ffe, info.minGva());
        assertEquals(0xffffffffff600008L, info.maxGva());
        assertEquals(512, info.largestSizeBytes());
    }

    @Test
    void linesThatAreNoRecordsAreNamed() {
        assertFault("line 1 of the text: ' L 04025310' has no ',SIZE'", " L 04025310\n");
        assertFault("line 2 of the text: 'hello' is no record", "I  00001000,1\nhello\n");
        assertFault("line 3 of the text: 'L 1000,1' is no record", "==1== x\nI  00001000,1\nL 1000,1\n");
        assertFault("' L ,8' has no address", " L ,8\n");
        assertFault("' L 1000,8 ' has no ',SIZE'", " L 1000,8 \n");
        assertFault("' L 1000,0' has size 0", " L 1000,0\n");
        assertFault("' L 1000,1048577' is larger than 1MiB", " L 1000,1048577\n");
        assertFault("' L 1000,99999999999' is larger than 1MiB", " L 1000,99999999999\n");
        assertFault("more than 64 bits", " L 12345678123456781,8\n");
        assertFault("no address of a 48-bit machine", " L 800000000000,8\n");
        assertFault("no address of a 48-bit machine", " L 7fffffffffff,2\n");
        assertFault("no address of a 48-bit machine", " L ffffffffffffffff,2\n");
        assertFault("'=1=' is no record", "I  00001000,1\n=1=\n");
        assertFault("'-=1==' is no record", "I  00001000,1\n-=1==\n");
        assertFault("'' is no record", "I  00001000,1\n\n");
        assertFault("line 2 of the text: '\\x00\\x01\\xff' is no record", "I  00001000,1\n\0\1\u00ff\n");
    }

    @Test
    void aTextCutOffIsToldFromAWholeOne() {
        assertFault("line 2 of the text: the file ends in the middle of ' L 040'", "I  00001000,1\n L 040");
        assertFault("the file ends in the middle of ' L 040,8'", "I  00001000,1\n L 040,8");
        assertFault("the file ends in the middle of a message", "I  00001000,1\n==12== by");
    }

    @Test
    void whatIsNoTraceSaysSo() throws IOException {
        assertFault("is empty", "");
        assertFault("begins no trace that hvsim reads", "y".repeat(1 << 20));
        assertFault("is compressed with bzip2", "BZh91AY");
        assertFault("holds no reference", "==1== only messages\n");
        assertMessage("is a folder", () -> Trace.open(folder, "folder", false));
        assertMessage("x: error: there is no such file", () -> Trace.open(folder.resolve("x"), "x", false));
        assertMessage("is no regular file", () -> Trace.open(Path.of("/dev/zero"), "zero", false));
    }

    @Test
    void veryLongMessagesAndLinesTakeNoMemory() throws IOException {
        String message = "==1== " + "x".repeat(1 << 20) + "\n";
        assertEquals(
                2,
                trace(message + "I  00001000,1\n" + message + "I  00001000,1\n").references());
        assertFault("is no record", "I  00001000,1\n" + "y".repeat(100) + "\n");
        assertFault("is no record", "I  00001000,1\n" + "y".repeat(1 << 20));
    }

    @Test
    void conversionIsWholeOrNotThere() throws IOException {
        Path out = folder.resolve("out.hvt");
        Trace damaged = trace(" L 00001000,1\n".repeat(100_000) + "oops\n");
        assertThrows(ProgramUnreadableException.class, () -> damaged.convert(out));
        assertFalse(Files.exists(out));
        trace(LACKEY).convert(out);
        assertTrue(Files.exists(out));
        assertThrows(IOException.class, () -> trace(LACKEY).convert(folder));
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
    }

    @Test
    void theLibrarysTraceHasAsManyInstructionsAsValgrindCounted() {
        TraceInfo info = Trace.open(Path.of("library/traces/gzip.lackey.xz"), "gzip", false)
                .info();
        assertEquals(4_461_822, info.instructions());
        assertEquals(5_938_457, info.references());
        assertEquals(149, info.straddling());
    }

    private void assertFault(String message, String text) {
        assertMessage(message, () -> trace(text).references());
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable reading) {
        String is = assertThrows(ProgramUnreadableException.class, reading).getMessage();
        assertTrue(is.contains(message), is);
    }

    private Trace trace(String text) throws IOException {
        return Traces.write(folder.resolve("t.lackey"), text);
    }
}
