package hvsim.ept;

import hvsim.ept.cache.CoreCaches;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of each table entry that a walk reads: a journal, and the memory hierarchy, which says how long it took.
 * Where nobody is, walks may take shortcuts ({@link RecentPaths}).
 */
final class EntryReads {
    private final WalkJournal journal;
    private final @Nullable CoreCaches caches;
    private final boolean observed;

    /** @param caches null where a reference takes the same time wherever it is */
    EntryReads(WalkJournal journal, @Nullable CoreCaches caches) {
        this.journal = journal;
        this.caches = caches;
        this.observed = journal.isOn() || caches != null;
    }

    boolean areObserved() {
        return observed;
    }

    /** An entry of the guest's (or native) tables was read. */
    void guest(int level, long hpa, long entry, Walk walk) {
        journal.guest(level, hpa, entry);
        walk.guestCycles += cycles(hpa);
    }

    /** An entry of the second stage's tables was read. */
    void secondStage(int level, long hpa, long entry, long gpa, Walk walk) {
        journal.secondStage(level, hpa, entry, gpa);
        walk.secondStageCycles += cycles(hpa);
    }

    /** An entry was read into a register of PAE paging. */
    void register(long hpa, Walk walk) {
        walk.guestCycles += cycles(hpa);
    }

    /** An entry of the sub-page permission table was read. */
    void subPage(long hpa, Walk walk) {
        walk.secondStageCycles += cycles(hpa);
    }

    /** A guest frame was found in the nested TLB: no reference. */
    void nestedTlbHit(long gpa, long hpa) {
        journal.nestedTlbHit(gpa, hpa);
    }

    private int cycles(long hpa) {
        return caches == null ? 0 : caches.walk(hpa);
    }
}
