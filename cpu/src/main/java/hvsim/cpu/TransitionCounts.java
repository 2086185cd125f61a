package hvsim.cpu;

import hvsim.tlb.Snapshot;

/** How often a core entered guests and left them, and the longest time that it was in one. */
final class TransitionCounts {
    private long entries;
    private long exits;
    private long failedEntries;
    private long takenBack;
    private long enteredAt;
    private long lostControlCycles;

    void enter(long now) {
        entries++;
        enteredAt = now;
    }

    void exit(long now) {
        exits++;
        lostControlCycles = Math.max(lostControlCycles, now - enteredAt);
    }

    /** An entry fails, and ends as an exit does. */
    void failEntry() {
        failedEntries++;
        exits++;
    }

    /** A guest is left without an exit: it is switched off. */
    void takeBack() {
        takenBack++;
    }

    long lostControlCycles() {
        return lostControlCycles;
    }

    /** Entries that succeeded = exits - entries that failed + guests switched off + guests that run now. */
    boolean agree(boolean isInGuest) {
        return entries == exits - failedEntries + takenBack + (isInGuest ? 1 : 0);
    }

    void transfer(Snapshot snapshot) {
        entries = snapshot.transfer(entries);
        exits = snapshot.transfer(exits);
        failedEntries = snapshot.transfer(failedEntries);
        takenBack = snapshot.transfer(takenBack);
        enteredAt = snapshot.transfer(enteredAt);
        lostControlCycles = snapshot.transfer(lostControlCycles);
    }
}
