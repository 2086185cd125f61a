package hvsim.vmm.iommu;

import hvsim.ept.WalkSpec.StructureCache;

/**
 * The shape of an IOMMU.
 *
 * @param domains that it tells apart, from 0; a power of two from 16 to 65536 (CAP_REG.ND)
 * @param contexts requesters whose context it remembers
 * @param iotlb pages that it remembers; fully associative
 * @param structures paging-structure caches
 * @param faults fault recording registers (CAP_REG.NFR)
 * @param readCycles of the processor that it takes to read one entry of a table
 */
public record IommuSpec(int domains, int contexts, int iotlb, StructureCache structures, int faults, long readCycles) {
    private static final int LEAST_DOMAINS = 16;
    private static final int MOST_DOMAINS = 1 << 16;

    /**
     * Sizes are assumed: the manuals name none. A miss took 1,532 cycles where buffers were picked at random (Malka et al.,
     * ASPLOS 2015, 5.3), in tables of 4 levels; that it read all four of their entries is assumed.
     */
    public static final IommuSpec ASSUMED = new IommuSpec(256, 64, 64, new StructureCache(4, 8, 16), 8, 1532 / 4);

    public IommuSpec {
        if (Integer.bitCount(domains) != 1 || domains < LEAST_DOMAINS || domains > MOST_DOMAINS) {
            throw new IllegalArgumentException(domains + " domains; a power of two from " + LEAST_DOMAINS + " to "
                    + MOST_DOMAINS + " is possible");
        }
        if (contexts < 1 || iotlb < 1 || faults < 1 || faults > 256) {
            throw new IllegalArgumentException("contexts, iotlb and faults are at least 1, faults at most 256");
        }
        if (readCycles < 0) {
            throw new IllegalArgumentException(
                    "reading an entry takes " + readCycles + " cycles; 0 or more are possible");
        }
    }
}
