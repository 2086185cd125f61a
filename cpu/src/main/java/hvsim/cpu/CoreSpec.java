package hvsim.cpu;

import hvsim.ept.WalkSpec;
import hvsim.ept.cache.CachesSpec;
import hvsim.tlb.TlbSpec;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The shape of a core.
 *
 * @param caches the memory hierarchy that walks meet; empty where each reference takes {@link CostModel#walkReference}
 * @param fixedInstructions whether the sensitive instructions that every CPL may execute fault above CPL 0
 * @param softwareFill where the TLB is filled by software: what a miss takes beside reading the tables, to the handler,
 *     there, and back; empty where a walker fills it
 */
public record CoreSpec(
        TlbSpec tlb,
        WalkSpec walk,
        CostModel costs,
        Optional<CachesSpec> caches,
        WalkOverlap overlap,
        boolean fixedInstructions,
        OptionalInt softwareFill) {
    /** With a page walker. */
    public CoreSpec(
            TlbSpec tlb,
            WalkSpec walk,
            CostModel costs,
            Optional<CachesSpec> caches,
            WalkOverlap overlap,
            boolean fixedInstructions) {
        this(tlb, walk, costs, caches, overlap, fixedInstructions, OptionalInt.empty());
    }

    /** With instructions as they are. */
    public CoreSpec(TlbSpec tlb, WalkSpec walk, CostModel costs, Optional<CachesSpec> caches, WalkOverlap overlap) {
        this(tlb, walk, costs, caches, overlap, false);
    }

    /** Each reference of a walk takes the same time, and the core waits for all of it. */
    public CoreSpec(TlbSpec tlb, WalkSpec walk, CostModel costs) {
        this(tlb, walk, costs, Optional.empty(), WalkOverlap.NONE);
    }
}
