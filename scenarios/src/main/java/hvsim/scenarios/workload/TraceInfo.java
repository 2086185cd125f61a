package hvsim.scenarios.workload;

import hvsim.cpu.GuestOp;

/**
 * What a trace holds.
 *
 * @param fetches instruction fetches: one for each instruction executed
 * @param modifies references that load and store
 * @param straddling references that touch more than one 4 KiB page
 * @param pages 4 KiB pages touched
 * @param minGva lowest address touched, as an unsigned number
 * @param maxGva highest address touched
 * @param largestSizeBytes of one reference
 */
public record TraceInfo(
        TraceFormat format,
        Compression compression,
        long fetches,
        long loads,
        long stores,
        long modifies,
        long straddling,
        long pages,
        long minGva,
        long maxGva,
        int largestSizeBytes) {
    private static final int PAGE_SHIFT = 12;
    private static final int PIECE = 4096;

    public long references() {
        return fetches + loads + stores + modifies;
    }

    public long instructions() {
        return fetches;
    }

    /** Memory that the touched pages take. */
    public long footprintBytes() {
        return pages << PAGE_SHIFT;
    }

    static TraceInfo of(TraceReader reader, TraceFormat format, Compression compression) {
        Counts counts = new Counts();
        long[] words = new long[2 * PIECE];
        int n;
        while ((n = reader.read(words, 0, PIECE)) > 0) {
            for (int i = 0; i < n; i += GuestOp.words(words[i])) {
                counts.add(words, i);
            }
        }
        long[] kinds = counts.kinds;
        return new TraceInfo(
                format,
                compression,
                kinds[GuestOp.FETCH],
                kinds[GuestOp.READ],
                kinds[GuestOp.WRITE],
                kinds[GuestOp.MODIFY],
                counts.straddling,
                counts.touched.size(),
                counts.minGva,
                counts.maxGva,
                counts.largest);
    }

    private static final class Counts {
        private final long[] kinds = new long[4];
        private final PageSet touched = new PageSet();
        private long straddling;
        private long minGva = -1;
        private long maxGva;
        private int largest;

        void add(long[] words, int i) {
            boolean wide = GuestOp.kind(words[i]) == GuestOp.WIDE;
            int size = wide ? GuestOp.wideSizeBytes(words[i]) : GuestOp.sizeBytes(words[i]);
            long gva = GuestOp.canonical(wide ? words[i + 1] : words[i]);
            long last = gva + size - 1;
            kinds[wide ? GuestOp.wideAccess(words[i]) : GuestOp.kind(words[i])]++;
            touched.addRange(gva >>> PAGE_SHIFT, last >>> PAGE_SHIFT);
            straddling += gva >>> PAGE_SHIFT != last >>> PAGE_SHIFT ? 1 : 0;
            minGva = Long.compareUnsigned(gva, minGva) < 0 ? gva : minGva;
            maxGva = Long.compareUnsigned(last, maxGva) > 0 ? last : maxGva;
            largest = Math.max(largest, size);
        }
    }
}
