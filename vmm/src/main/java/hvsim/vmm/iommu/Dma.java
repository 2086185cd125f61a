package hvsim.vmm.iommu;

import org.jspecify.annotations.Nullable;

/** What became of one request of a device; owned by the caller, written by {@link Iommu}. */
public final class Dma {
    long cycles;
    boolean stale;

    @Nullable
    FaultReason fault;

    void clear() {
        cycles = 0;
        stale = false;
        fault = null;
    }

    /** That the translation took. */
    public long cycles() {
        return cycles;
    }

    /** Whether software had unmapped the page: nobody but the model knows. */
    public boolean isStale() {
        return stale;
    }

    /** Why it was refused, or null. */
    public @Nullable FaultReason fault() {
        return fault;
    }
}
