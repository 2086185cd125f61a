package hvsim.vmm.iommu;

/**
 * What an IOMMU counted.
 *
 * @param translations that devices asked for
 * @param iotlbMisses of them
 * @param contextMisses of them
 * @param reads of entries, of all tables
 * @param cycles that these took
 * @param stale translations by an entry of the IOTLB whose page software had unmapped before
 * @param recorded faults
 * @param lost faults that found no register
 * @param globalInvalidations of the IOTLB
 * @param domainInvalidations of the IOTLB
 * @param pageInvalidations of the IOTLB
 */
public record IommuStats(
        long translations,
        long iotlbMisses,
        long contextMisses,
        long reads,
        long cycles,
        long stale,
        long recorded,
        long lost,
        long globalInvalidations,
        long domainInvalidations,
        long pageInvalidations) {
    public long faults() {
        return recorded + lost;
    }
}
