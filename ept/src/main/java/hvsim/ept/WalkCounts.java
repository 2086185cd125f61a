package hvsim.ept;

import hvsim.tlb.Snapshot;

/** What {@link NestedWalker} counts by itself, of guests and (references only) of the hypervisor's own code. */
final class WalkCounts {
    private boolean forHypervisor;
    private long translated;
    private long stopped;
    private long guestReferences;
    private long savedByGuestCache;
    private long hypervisorReferences;

    void countForHypervisor(boolean hypervisor) {
        forHypervisor = hypervisor;
    }

    void add(boolean done, Walk walk) {
        if (forHypervisor) {
            hypervisorReferences += walk.guestReferences;
            return;
        }
        guestReferences += walk.guestReferences;
        if (done) {
            translated++;
            savedByGuestCache += walk.saved;
        } else {
            stopped++;
        }
    }

    WalkStats with(SecondStage secondStage) {
        return new WalkStats(
                translated,
                stopped,
                guestReferences,
                secondStage.references(),
                savedByGuestCache,
                secondStage.savedByNestedTlb(),
                secondStage.savedByStructureCache(),
                hypervisorReferences);
    }

    void transfer(Snapshot snapshot) {
        forHypervisor = snapshot.transfer(forHypervisor);
        hypervisorReferences = snapshot.transfer(hypervisorReferences);
        translated = snapshot.transfer(translated);
        stopped = snapshot.transfer(stopped);
        guestReferences = snapshot.transfer(guestReferences);
        savedByGuestCache = snapshot.transfer(savedByGuestCache);
    }
}
