package hvsim.ept;

import hvsim.tlb.Snapshot;

/** What {@link NestedWalker} counts by itself, of guests and (references only) of the hypervisor's own code. */
final class WalkCounts {
    private boolean forHypervisor;
    private long translated;
    private long stopped;
    private long guestReferences;
    private long secondStageReferences;
    private long savedByGuestCache;
    private long hypervisorReferences;

    void countForHypervisor(boolean hypervisor) {
        forHypervisor = hypervisor;
    }

    void add(boolean done, Walk walk) {
        addReferences(walk);
        if (forHypervisor) {
            return;
        }
        if (done) {
            translated++;
            savedByGuestCache += walk.saved;
        } else {
            stopped++;
        }
    }

    /** What was read, and not to translate an address. */
    void addReferences(Walk walk) {
        if (forHypervisor) {
            hypervisorReferences += walk.guestReferences + walk.secondStageReferences;
        } else {
            guestReferences += walk.guestReferences;
            secondStageReferences += walk.secondStageReferences;
        }
    }

    WalkStats with(SecondStage secondStage) {
        return new WalkStats(
                translated,
                stopped,
                guestReferences,
                secondStageReferences,
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
        secondStageReferences = snapshot.transfer(secondStageReferences);
        savedByGuestCache = snapshot.transfer(savedByGuestCache);
    }
}
