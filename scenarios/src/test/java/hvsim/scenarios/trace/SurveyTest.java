package hvsim.scenarios.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.GuestOp;
import hvsim.scenarios.trace.TraceInfo.Footprint;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SurveyTest {
    private static final byte[] TEXT = Traces.random(9, 20_000).getBytes(StandardCharsets.US_ASCII);

    @Test
    void footprintsAreSetsOfPages() {
        TraceInfo info = Traces.open(TEXT, false).info();
        int[] shifts = {12, 21, 30};
        for (int i = 0; i < shifts.length; i++) {
            Set<Long> code = new HashSet<>();
            Set<Long> data = new HashSet<>();
            forEachPage(shifts[i], (page, isFetch) -> (isFetch ? code : data).add(page));
            Set<Long> all = new HashSet<>(code);
            all.addAll(data);
            assertEquals(
                    new Footprint(1L << shifts[i], all.size(), code.size(), data.size()),
                    info.footprints().get(i));
        }
    }

    @Test
    void reuseIsHowOftenPagesAreUsed() {
        Map<Long, Long> uses = new HashMap<>();
        forEachPage(12, (page, isFetch) -> uses.merge(page, 1L, Long::sum));
        long all = uses.values().stream().mapToLong(Long::longValue).sum();
        TraceInfo.Reuse reuse = Traces.open(TEXT, false).info().reuse();
        assertEquals(all, reuse.uses());
        assertEquals(uses.values().stream().filter(count -> count == 1).count(), reuse.once());
        List<Long> most =
                uses.values().stream().sorted((a, b) -> Long.compare(b, a)).toList();
        long sum = 0;
        int pages = 0;
        while (2 * sum < all) {
            sum += most.get(pages++);
        }
        assertEquals(pages, reuse.half());
    }

    @Test
    void sidesThatAreNotThereHaveNoRates() {
        TraceInfo info = Traces.open(" L 00001000,1\n L 00001000,1\n".getBytes(StandardCharsets.US_ASCII), false)
                .info();
        assertEquals(0.5, info.ideal().get(0).dataHitRate());
        assertEquals(0, info.ideal().get(0).fetchHitRate());
        assertEquals(0, info.footprints().get(0).code());
    }

    private interface Use {
        void of(long page, boolean isFetch);
    }

    private static void forEachPage(int shift, Use use) {
        long[] words = Traces.words(Traces.open(TEXT, false));
        for (int i = 0; i < words.length; i += GuestOp.words(words[i])) {
            boolean wide = GuestOp.kind(words[i]) == GuestOp.WIDE;
            int access = wide ? GuestOp.wideAccess(words[i]) : GuestOp.kind(words[i]);
            long first = GuestOp.canonical(wide ? words[i + 1] : words[i]);
            long last = first + (wide ? GuestOp.wideSizeBytes(words[i]) : GuestOp.sizeBytes(words[i])) - 1;
            for (long page = first >>> shift; page <= last >>> shift; page++) {
                use.of(page, access == GuestOp.FETCH);
            }
        }
    }
}
