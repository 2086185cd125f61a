package hvsim.vmm.iommu.mapping;

/**
 * Cycles of the parts of mapping and unmapping, without what waits or is repeated, which the model finds out.
 *
 * @param allocate an I/O address, without the search
 * @param visit a range that the search goes over
 * @param mapTable the entry written, and made visible to hardware
 * @param mapOther the rest of mapping
 * @param find the address that is unmapped
 * @param free it
 * @param unmapTable the entry cleared
 * @param invalidate one request to the IOTLB, and the wait for it: for a page as for everything
 * @param unmapOther the rest of unmapping, which with deferral is to queue it
 */
public record MappingCosts(
        long allocate,
        long visit,
        long mapTable,
        long mapOther,
        long find,
        long free,
        long unmapTable,
        long invalidate,
        long unmapOther) {

    public MappingCosts {
        if (Math.min(Math.min(allocate, visit), Math.min(mapTable, mapOther)) < 0
                || Math.min(Math.min(find, free), Math.min(unmapTable, Math.min(invalidate, unmapOther))) < 0) {
            throw new IllegalArgumentException("a part of mapping takes fewer than 0 cycles");
        }
    }

    /**
     * As measured on a Xeon E3-1220 (E037 to E072). An allocation takes what it took there on average, however long the search is
     * here. A request to the IOTLB is that of the strict variants (E065, E066): what the deferred ones then take for each page
     * follows.
     */
    public static MappingCosts measured(MappingPolicy policy) {
        return switch (policy) {
            case NONE -> new MappingCosts(0, 0, 0, 0, 0, 0, 0, 0, 0);
            case STRICT -> new MappingCosts(3986, 0, 588, 44, 249, 159, 438, 2127, 26);
            case STRICT_PLUS -> new MappingCosts(92, 0, 590, 45, 418, 62, 427, 2135, 25);
            case DEFER -> new MappingCosts(1674, 0, 533, 44, 263, 189, 471, 2127, 205);
            case DEFER_PLUS -> new MappingCosts(108, 0, 577, 42, 454, 57, 504, 2135, 216);
        };
    }

    /** The same with other costs of an allocation. */
    public MappingCosts withSearch(long newAllocate, long newVisit) {
        return new MappingCosts(
                newAllocate, newVisit, mapTable, mapOther, find, free, unmapTable, invalidate, unmapOther);
    }
}
