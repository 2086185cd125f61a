package hvsim.ept;

import hvsim.tlb.Snapshot;

/**
 * What a {@link NestedWalker} counted. Where every walk ended in a translation,
 * {@code guestReferences + secondStageReferences + saved...} is what they would have taken uncached.
 *
 * @param translated walks that ended in a translation
 * @param stopped walks that ended in a fault of either stage
 * @param guestReferences entries of the guest's (or native) tables read
 * @param secondStageReferences entries of the second stage's tables read
 * @param savedByGuestCache references that the guest's paging-structure caches made unnecessary
 * @param hypervisorReferences entries read for the hypervisor's own code; in none of the others
 */
public record WalkStats(
        long translated,
        long stopped,
        long guestReferences,
        long secondStageReferences,
        long savedByGuestCache,
        long savedByNestedTlb,
        long savedBySecondStageCache,
        long hypervisorReferences) {
    public static final WalkStats ZERO = new WalkStats(0, 0, 0, 0, 0, 0, 0, 0);

    public WalkStats plus(WalkStats other) {
        return minus(ZERO.minus(other));
    }

    public WalkStats minus(WalkStats earlier) {
        return new WalkStats(
                translated - earlier.translated,
                stopped - earlier.stopped,
                guestReferences - earlier.guestReferences,
                secondStageReferences - earlier.secondStageReferences,
                savedByGuestCache - earlier.savedByGuestCache,
                savedByNestedTlb - earlier.savedByNestedTlb,
                savedBySecondStageCache - earlier.savedBySecondStageCache,
                hypervisorReferences - earlier.hypervisorReferences);
    }

    /** Writes the counts, or reads others in their place. */
    public static WalkStats transfer(WalkStats counts, Snapshot s) {
        return new WalkStats(
                s.transfer(counts.translated),
                s.transfer(counts.stopped),
                s.transfer(counts.guestReferences),
                s.transfer(counts.secondStageReferences),
                s.transfer(counts.savedByGuestCache),
                s.transfer(counts.savedByNestedTlb),
                s.transfer(counts.savedBySecondStageCache),
                s.transfer(counts.hypervisorReferences));
    }
}
