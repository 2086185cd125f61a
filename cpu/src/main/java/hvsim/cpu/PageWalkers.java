package hvsim.cpu;

import hvsim.tlb.Snapshot;

/**
 * The page walkers of a core, where it does other work during a part of each walk: when each is free again. A walk
 * that comes while all are at work waits for the first of them.
 *
 * <pre>
 *   walker 0   |======waited for======|---hidden---|
 *   walker 1             |======waited for======|---hidden---|
 *   core       |  waits  |  works ...
 * </pre>
 */
final class PageWalkers {
    private final int hidden;
    private final long[] freeAt;
    private long waitCycles;

    PageWalkers(WalkOverlap overlap) {
        hidden = overlap.hidden();
        freeAt = new long[overlap.walkers()];
    }

    /** Whether any part of a walk is hidden; else there is nothing to ask. */
    boolean overlap() {
        return hidden != 0;
    }

    /** Of a part of a walk, the cycles that the core waits. */
    long stall(long cycles) {
        return cycles - (cycles * hidden >>> WalkOverlap.WHOLE_SHIFT);
    }

    /** A walk of {@code cycles} begins when a walker is free: how long that takes from {@code now}. */
    long begin(long now, long cycles) {
        int first = 0;
        for (int walker = 1; walker < freeAt.length; walker++) {
            first = freeAt[walker] < freeAt[first] ? walker : first;
        }
        long wait = Math.max(0, freeAt[first] - now);
        freeAt[first] = now + wait + cycles;
        waitCycles += wait;
        return wait;
    }

    /** Cycles that walks waited for a walker so far. */
    long waitCycles() {
        return waitCycles;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(freeAt);
        waitCycles = snapshot.transfer(waitCycles);
    }
}
