package hvsim.vmm.iommu;

import hvsim.tlb.PageSize;

/** One page as the {@link Iotlb} found it. */
final class RecentPage {
    private static final long[] OUTSIDE = {
        -PageSize.SIZE_4K.bytes(), -PageSize.SIZE_2M.bytes(), -PageSize.SIZE_1G.bytes()
    };
    private static final int NOBODY = -1;

    private int domain = NOBODY;
    private long outside;
    private long page;

    /** Of the store. */
    long key;

    int slot;

    /** Of the first 4 KiB. */
    long mapping;

    /** Of all uses of such pages, by number; 0 for no page. */
    long lastUse;

    RecentPage set(int newDomain, long iova, int size, long newKey, int newSlot, long newMapping, long use) {
        domain = newDomain;
        outside = OUTSIDE[size];
        page = iova & outside;
        key = newKey;
        slot = newSlot;
        mapping = newMapping;
        lastUse = use;
        return this;
    }

    void forget() {
        domain = NOBODY;
        lastUse = 0;
    }

    boolean has(int ofDomain, long iova) {
        return (iova & outside) == page && ofDomain == domain;
    }

    /** Whether it has that right, and is no page that software has unmapped. */
    boolean allows(long right) {
        return (mapping & (right | Iotlb.STALE)) == right;
    }

    long hpa(long iova) {
        return (mapping & -4096L) + (iova & ~outside);
    }

    /** Of the 4 KiB around {@code iova}. */
    long mappingOf(long iova) {
        return mapping + (iova & ~outside & -4096L);
    }
}
