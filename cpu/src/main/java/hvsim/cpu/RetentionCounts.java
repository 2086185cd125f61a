package hvsim.cpu;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * What was left of a virtual processor's TLB entries when it came back, summed over all times. Place 0 is first-level
 * fetch, 1 first-level data, 2 the second level.
 */
public final class RetentionCounts {
    static final int PLACES = 3;

    private final long[] exitBefore = new long[PLACES];
    private final long[] exitAfter = new long[PLACES];
    private final long[] switchBefore = new long[PLACES];
    private final long[] switchAfter = new long[PLACES];
    private final long[] lastExit = new long[PLACES];
    private boolean exited;

    /** Entries that were there, and those of them that were usable again. */
    public record Kept(long before, long after) {
        public static final Kept NONE = new Kept(0, 0);

        public Kept plus(Kept other) {
            return new Kept(before + other.before, after + other.after);
        }
    }

    void overExit(int place, long before, long after) {
        exitBefore[place] += before;
        exitAfter[place] += after;
        lastExit[place] = after;
        exited = true;
    }

    void overSwitch(int place, long before, long after) {
        switchBefore[place] += before;
        switchAfter[place] += after;
    }

    public Kept overExits(int place) {
        return new Kept(exitBefore[place], exitAfter[place]);
    }

    /** Over turns of other virtual processors. */
    public Kept overSwitches(int place) {
        return new Kept(switchBefore[place], switchAfter[place]);
    }

    /** Entries that were usable again after the last exit; 0 where there was none. */
    public long overLastExit(int place) {
        return lastExit[place];
    }

    /** Whether there was an exit after which it went on itself. */
    public boolean hasExited() {
        return exited;
    }

    /** Adds what the same virtual processor did later: its last exit is the last. */
    void addLater(RetentionCounts later) {
        addSums(later);
        if (later.exited) {
            System.arraycopy(later.lastExit, 0, lastExit, 0, PLACES);
        }
    }

    /** Adds what another virtual processor did: of each the last exit counts. */
    void addBeside(RetentionCounts other) {
        addSums(other);
        for (int place = 0; place < PLACES; place++) {
            lastExit[place] += other.lastExit[place];
        }
    }

    private void addSums(RetentionCounts other) {
        for (int place = 0; place < PLACES; place++) {
            exitBefore[place] += other.exitBefore[place];
            exitAfter[place] += other.exitAfter[place];
            switchBefore[place] += other.switchBefore[place];
            switchAfter[place] += other.switchAfter[place];
        }
        exited |= other.exited;
    }

    void clear() {
        Arrays.fill(exitBefore, 0);
        Arrays.fill(exitAfter, 0);
        Arrays.fill(switchBefore, 0);
        Arrays.fill(switchAfter, 0);
        Arrays.fill(lastExit, 0);
        exited = false;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(exitBefore);
        snapshot.transfer(exitAfter);
        snapshot.transfer(switchBefore);
        snapshot.transfer(switchAfter);
        snapshot.transfer(lastExit);
        exited = snapshot.transfer(exited);
    }
}
