package hvsim.multiqueue.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StorageTraceTest {
    private static final String MSR = """
            128166372003061629,hm,1,Read,8864256,4096,1331\r
            128166372016382155,hm,1,Write,2656038912,8192,46613
            """;
    private static final String SPC = "0,20941264,8192,W,0.551706\n2,3436288,512,r,1.25\n";
    private static final String BLKPARSE = """
              8,0    3        1     0.000000000   697  Q   W 223490 + 8 [kjournald]
              8,0    3        2     0.000001829   697  G   W 223490 + 8 [kjournald]
              8,0    3        3     0.000002197   697  P   N [kjournald]
              8,0    3        4     0.000003000   697  Q FWS [kjournald]
              8,16   1       20     2.500000007  9512  Q   R 64 + 2 [dd]
            CPU0 (8,0):
             Reads Queued:           1,        1KiB
            """;

    @Test
    void cambridgeTracesCountTicksAndBytes() {
        List<StorageRequest> requests = read(StorageFormat.MSR_CAMBRIDGE, MSR);
        assertEquals(1_332_052_600L, requests.get(1).nanos() - requests.get(0).nanos());
        assertEquals(new StorageRequest(requests.get(0).nanos(), 1, false, 8_864_256, 4096), requests.get(0));
        assertEquals(new StorageRequest(requests.get(1).nanos(), 1, true, 2_656_038_912L, 8192), requests.get(1));
    }

    @Test
    void spcTracesCountBlocksAndSeconds() {
        assertEquals(
                List.of(
                        new StorageRequest(551_706_000, 0, true, 20_941_264L * 512, 8192),
                        new StorageRequest(1_250_000_000, 2, false, 3_436_288L * 512, 512)),
                read(StorageFormat.SPC, SPC));
    }

    @Test
    void blkparseIsReadUpToItsSummaryAndQueuedRequestsCount() {
        assertEquals(
                List.of(
                        new StorageRequest(0, 0, true, 223_490L * 512, 4096),
                        new StorageRequest(2_500_000_007L, 16, false, 64 * 512, 1024)),
                read(StorageFormat.BLKPARSE, BLKPARSE));
    }

    @Test
    void damageIsNamedWithItsLine() {
        says(
                "line 2: the timestamp 'x' is no whole number",
                StorageFormat.MSR_CAMBRIDGE,
                MSR.replace("12816637201", "x,"));
        says("line 1: 'Rad' is neither read nor write", StorageFormat.MSR_CAMBRIDGE, MSR.replace("Read", "Rad"));
        says("line 1: the size is 0, below 1", StorageFormat.MSR_CAMBRIDGE, MSR.replace(",4096,", ",0,"));
        says("line 1: the offset is -1, below 0", StorageFormat.MSR_CAMBRIDGE, MSR.replace("8864256", "-1"));
        says("line 2: there is no timestamp (field 5)", StorageFormat.SPC, SPC.replace(",1.25", ""));
        says("line 2: the timestamp '1e9' is no time in seconds", StorageFormat.SPC, SPC.replace("1.25", "1e9"));
        says("more than 63 bits of bytes", StorageFormat.SPC, SPC.replace("20941264", "9000000000000000000"));
        says("there is no volume 4294967296", StorageFormat.SPC, SPC.replace("2,343", "4294967296,343"));
        says("line 5: the number of sectors is 0, below 1", StorageFormat.BLKPARSE, BLKPARSE.replace("+ 2", "+ 0"));
        says("line 1: there is no action (field 6)", StorageFormat.BLKPARSE, "8,0 3 1\n");
        says("line 1 is no text: it has byte 0H", StorageFormat.SPC, "\u001f\u0000");
        says("line 2 is longer than 4096 characters", StorageFormat.SPC, SPC.substring(0, 27) + "1".repeat(5000));
    }

    @ParameterizedTest
    @EnumSource
    void changedCharactersNeverEndInAnythingElse(StorageFormat format) {
        String good = switch (format) {
            case MSR_CAMBRIDGE -> MSR;
            case SPC -> SPC;
            case BLKPARSE -> BLKPARSE;
        };
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            StringBuilder changed = new StringBuilder(good);
            for (int k = random.nextInt(4); k >= 0; k--) {
                changed.setCharAt(random.nextInt(good.length()), (char) random.nextInt(128));
            }
            try {
                read(format, changed.toString());
            } catch (BadTraceException e) {
                refused++;
            }
        }
        assertTrue(refused > 1_000, "refused: " + refused);
    }

    private static List<StorageRequest> read(StorageFormat format, String text) {
        StorageTrace trace = new StorageTrace(new ByteArrayInputStream(text.getBytes(US_ASCII)), format);
        List<StorageRequest> requests = new ArrayList<>();
        for (StorageRequest request = trace.next(); request != null; request = trace.next()) {
            requests.add(request);
        }
        return requests;
    }

    private static void says(String what, StorageFormat format, String text) {
        String message =
                assertThrows(BadTraceException.class, () -> read(format, text)).getMessage();
        assertTrue(message.contains(what), message);
    }
}
