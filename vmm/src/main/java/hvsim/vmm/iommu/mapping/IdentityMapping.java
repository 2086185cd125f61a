package hvsim.vmm.iommu.mapping;

import hvsim.tlb.Snapshot;

/** Without an IOMMU: a device uses machine addresses, and reaches everything. */
public final class IdentityMapping implements DmaMapping {
    @Override
    public long map(long hpa, long bytes, long rights, long cycle) {
        return hpa;
    }

    @Override
    public void unmap(long iova, long cycle) {}

    @Override
    public long dueCycle() {
        return NEVER;
    }

    @Override
    public void advanceTo(long cycle) {}

    @Override
    public long takeCycles() {
        return 0;
    }

    @Override
    public void transfer(Snapshot snapshot) {}
}
