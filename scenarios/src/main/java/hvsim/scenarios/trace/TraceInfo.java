package hvsim.scenarios.trace;

import java.util.List;

/**
 * What a trace holds.
 *
 * @param fetches instruction fetches: one for each instruction executed, where the format records them all
 * @param modifies references that load and store
 * @param straddling references that touch more than one 4 KiB page
 * @param minGva lowest address touched, as an unsigned number
 * @param maxGva highest address touched
 * @param largestSizeBytes of one reference
 * @param threads whose references are in it; 0 if the format does not tell
 * @param passedOver records of accesses that are no references of the program, such as prefetches
 * @param leftOut damaged lines, records and blocks
 * @param firstLeftOut where the first of them is, and what is wrong there; empty if there is none
 * @param footprints for pages of 4 KiB, 2 MiB and 1 GiB
 * @param reuse of 4 KiB pages
 * @param ideal what the best of TLBs would answer
 */
public record TraceInfo(
        TraceFormat format,
        Compression compression,
        long fetches,
        long loads,
        long stores,
        long modifies,
        long straddling,
        long minGva,
        long maxGva,
        int largestSizeBytes,
        int threads,
        long passedOver,
        long leftOut,
        String firstLeftOut,
        List<Footprint> footprints,
        Reuse reuse,
        List<Ideal> ideal) {

    public TraceInfo {
        footprints = List.copyOf(footprints);
        ideal = List.copyOf(ideal);
    }

    /**
     * Pages of one size that are touched.
     *
     * @param pages in all
     * @param code those with fetches; some may have data too
     * @param data those with other references
     */
    public record Footprint(long pageBytes, long pages, long code, long data) {
        /** Memory that the touched pages take. */
        public long bytes() {
            return pages * pageBytes;
        }
    }

    /**
     * How often pages are used. A straddling reference uses each of its pages.
     *
     * @param uses of all pages together
     * @param once pages used once
     * @param half as few pages as can be that have 50 % of the uses
     * @param most as few pages as can be that have 90 % of the uses
     * @param nearlyAll the same for 99 %
     */
    public record Reuse(long uses, long once, long half, long most, long nearlyAll) {}

    /**
     * What a fully associative TLB with LRU would answer.
     *
     * @param fetchHitRate of a TLB for fetches alone, with 4 KiB pages; 0 if there are none
     * @param dataHitRate of one for the other references alone
     * @param hitRate of one for all
     * @param largeHitRate of one for all, with 2 MiB pages
     */
    public record Ideal(int entries, double fetchHitRate, double dataHitRate, double hitRate, double largeHitRate) {}

    public long references() {
        return fetches + loads + stores + modifies;
    }

    public long instructions() {
        return fetches;
    }

    /** Pages of 4 KiB touched. */
    public long pages() {
        return footprints.get(0).pages();
    }

    static TraceInfo of(TraceReader reader, TraceFormat format, Compression compression, LeftOut leftOut) {
        return new Survey(reader).info(format, compression, leftOut);
    }
}
