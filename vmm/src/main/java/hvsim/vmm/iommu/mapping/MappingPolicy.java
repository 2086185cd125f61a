package hvsim.vmm.iommu.mapping;

/**
 * How software maps buffers. The words are those of Malka et al. (ASPLOS 2015, 3.2), for whom {@code none} is a machine whose
 * IOMMU is off.
 */
public enum MappingPolicy {
    /** Nothing is mapped: devices are given machine addresses. */
    NONE(false, false),
    /** Each page is forgotten by the IOTLB before its buffer is used for anything else. */
    STRICT(false, false),
    /** The same, with an allocator that takes constant time. */
    STRICT_PLUS(true, false),
    /** The IOTLB forgets everything once in a while. */
    DEFER(false, true),
    /** The same, with an allocator that takes constant time. */
    DEFER_PLUS(true, true);

    private final boolean recycling;
    private final boolean deferred;

    MappingPolicy(boolean recycling, boolean deferred) {
        this.recycling = recycling;
        this.deferred = deferred;
    }

    IovaAllocator allocator() {
        return recycling ? new RecyclingIovas() : new LinearIovas();
    }

    boolean isDeferred() {
        return deferred;
    }
}
