package hvsim.scenarios.trace;

import hvsim.cpu.GuestOp;
import hvsim.scenarios.trace.TraceInfo.Footprint;
import hvsim.scenarios.trace.TraceInfo.Ideal;
import hvsim.scenarios.trace.TraceInfo.Reuse;
import java.util.ArrayList;
import java.util.List;

/** Goes through a trace once and counts what {@link TraceInfo} tells. */
final class Survey {
    private static final int PAGE_SHIFT = 12;
    private static final int LARGE_SHIFT = 21;
    private static final int HUGE_SHIFT = 30;
    private static final int PIECE = 4096;

    private final TraceReader reader;
    private final long[] kinds = new long[4];
    private final PageUse use = new PageUse();
    private final LruStack code = new LruStack();
    private final LruStack data = new LruStack();
    private final LruStack all = new LruStack();
    private final LruStack large = new LruStack();
    private long straddling;
    private long minGva = -1;
    private long maxGva;
    private int largest;

    Survey(TraceReader reader) {
        this.reader = reader;
        long[] words = new long[Words.MOST * PIECE];
        int n;
        while ((n = reader.read(words, 0, PIECE)) > 0) {
            for (int i = 0; i < n; i += GuestOp.words(words[i])) {
                add(words, i);
            }
        }
    }

    TraceInfo info(TraceFormat format, Compression compression, LeftOut leftOut) {
        return new TraceInfo(
                format,
                compression,
                kinds[GuestOp.FETCH],
                kinds[GuestOp.READ],
                kinds[GuestOp.WRITE],
                kinds[GuestOp.MODIFY],
                straddling,
                minGva,
                maxGva,
                largest,
                reader.threads(),
                reader.passedOver(),
                leftOut.count(),
                leftOut.first(),
                footprints(),
                reuse(use.counts()),
                ideal());
    }

    private void add(long[] words, int i) {
        boolean wide = GuestOp.kind(words[i]) == GuestOp.WIDE;
        int size = wide ? GuestOp.wideSizeBytes(words[i]) : GuestOp.sizeBytes(words[i]);
        int kind = wide ? GuestOp.wideAccess(words[i]) : GuestOp.kind(words[i]);
        long gva = GuestOp.canonical(wide ? words[i + 1] : words[i]);
        long last = gva + size - 1;
        kinds[kind]++;
        straddling += gva >>> PAGE_SHIFT != last >>> PAGE_SHIFT ? 1 : 0;
        minGva = Long.compareUnsigned(gva, minGva) < 0 ? gva : minGva;
        maxGva = Long.compareUnsigned(last, maxGva) > 0 ? last : maxGva;
        largest = Math.max(largest, size);
        touch(kind == GuestOp.FETCH, gva, last);
    }

    private void touch(boolean isFetch, long gva, long last) {
        LruStack side = isFetch ? code : data;
        for (long page = gva >>> PAGE_SHIFT; page <= last >>> PAGE_SHIFT; page++) {
            use.add(page, isFetch ? PageUse.CODE : PageUse.DATA);
            side.look(page);
            all.look(page);
        }
        for (long page = gva >>> LARGE_SHIFT; page <= last >>> LARGE_SHIFT; page++) {
            large.look(page);
        }
    }

    private List<Footprint> footprints() {
        List<Footprint> footprints = new ArrayList<>();
        for (int shift : new int[] {PAGE_SHIFT, LARGE_SHIFT, HUGE_SHIFT}) {
            PageUse pages = shift == PAGE_SHIFT ? use : use.coarser(shift - PAGE_SHIFT);
            footprints.add(
                    new Footprint(1L << shift, pages.pages(), pages.pages(PageUse.CODE), pages.pages(PageUse.DATA)));
        }
        return footprints;
    }

    private static Reuse reuse(long[] counts) {
        long uses = 0;
        long once = 0;
        for (long count : counts) {
            uses += count;
            once += count == 1 ? 1 : 0;
        }
        return new Reuse(uses, once, hottest(counts, uses, 50), hottest(counts, uses, 90), hottest(counts, uses, 99));
    }

    /** How many of the pages used most have that part of the uses. */
    private static long hottest(long[] counts, long uses, int percent) {
        double wanted = uses / 100.0 * percent;
        long sum = 0;
        int at = counts.length;
        while (sum < wanted) {
            sum += counts[--at];
        }
        return (long) counts.length - at;
    }

    private List<Ideal> ideal() {
        List<Ideal> rows = new ArrayList<>();
        for (int i = 0; i < LruStack.CLASSES; i++) {
            rows.add(new Ideal(LruStack.entries(i), rate(code, i), rate(data, i), rate(all, i), rate(large, i)));
        }
        return rows;
    }

    private static double rate(LruStack stack, int sizeClass) {
        return stack.lookups() == 0 ? 0 : (double) stack.hits(sizeClass) / stack.lookups();
    }
}
