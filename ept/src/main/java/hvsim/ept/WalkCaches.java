package hvsim.ept;

import hvsim.tlb.Invalidation;
import hvsim.tlb.Snapshot;
import hvsim.tlb.TlbTag;
import hvsim.tlb.TranslationCache;

/** What a logical processor remembers to shorten walks: structure caches of both stages, and the nested TLB. */
public final class WalkCaches {
    final StructureCaches guest;
    final StructureCaches secondStage;

    /** Guest-physical mappings at 4 KiB grain: gfn to {@link SecondStageMapping}. */
    final TranslationCache nestedTlb;

    public WalkCaches(WalkSpec spec) {
        guest = new StructureCaches(spec.guestCache());
        secondStage = new StructureCaches(spec.secondStageCache());
        nestedTlb = StructureCaches.fullyAssociative(spec.nestedTlb());
    }

    /** Whether there is nothing that remembers what a walk found. */
    boolean areNone() {
        return guest.isNone() && secondStage.isNone() && nestedTlb.entries() == 0;
    }

    /** Drops what the operation requires. */
    public void invalidate(Invalidation invalidation, TlbTag tags) {
        boolean[] structures = invalidation.structureTags(tags);
        if (invalidation.isOfStructuresOfOneAddress()) {
            guest.removeAddress(invalidation.gva(), structures);
        } else {
            guest.removeTags(structures);
        }
        boolean[] roots = invalidation.guestPhysicalTags(tags);
        if (invalidation.isOfOneGuestPhysicalAddress()) {
            removeGuestPhysical(invalidation.gpa(), roots);
        } else {
            secondStage.removeTags(roots);
            nestedTlb.removeTags(roots);
        }
    }

    /** Only what would translate {@code gpa}: of a large page of the second stage, the one frame. */
    private void removeGuestPhysical(long gpa, boolean[] roots) {
        secondStage.removeAddress(gpa, roots);
        for (int tag = 0; tag < roots.length; tag++) {
            if (roots[tag]) {
                nestedTlb.remove(SecondStageMapping.key(gpa, tag));
            }
        }
    }

    /** Drops everything. */
    public void clear() {
        guest.clear();
        secondStage.clear();
        nestedTlb.clear();
    }

    /** Writes or reads every entry. */
    public void transfer(Snapshot snapshot) {
        guest.transfer(snapshot);
        secondStage.transfer(snapshot);
        nestedTlb.transfer(snapshot);
    }
}
