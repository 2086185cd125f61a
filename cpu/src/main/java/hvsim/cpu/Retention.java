package hvsim.cpu;

import hvsim.tlb.Snapshot;
import hvsim.tlb.Tlb;
import java.util.Arrays;

/**
 * What is left of a virtual processor's TLB entries when it comes back: over exits, and over turns of
 * other virtual processors. Entries of its current address space, by level and side.
 */
public final class Retention {
    private static final int PLACES = 3;

    private final long[] before = new long[PLACES];
    private final long[] exitBefore = new long[PLACES];
    private final long[] exitAfter = new long[PLACES];
    private final long[] switchBefore = new long[PLACES];
    private final long[] switchAfter = new long[PLACES];
    private boolean left;

    private static int live(Mmu mmu, int place) {
        return place == 2 ? mmu.live(2, Tlb.DATA_SIDE) : mmu.live(1, place);
    }

    void leave(Mmu mmu) {
        for (int place = 0; place < PLACES; place++) {
            before[place] = live(mmu, place);
        }
        left = true;
    }

    void comeBack(Mmu mmu, boolean othersRan) {
        if (!left) {
            return;
        }
        long[] sumBefore = othersRan ? switchBefore : exitBefore;
        long[] sumAfter = othersRan ? switchAfter : exitAfter;
        for (int place = 0; place < PLACES; place++) {
            sumBefore[place] += before[place];
            sumAfter[place] += live(mmu, place);
        }
        left = false;
    }

    /** It does not come back, or not as it was. */
    public void forget() {
        left = false;
    }

    /**
     * Entries that were there, and those of them that were usable again, summed over all times.
     */
    public record Kept(long before, long after) {
        public static final Kept NONE = new Kept(0, 0);

        public Kept plus(Kept other) {
            return new Kept(before + other.before, after + other.after);
        }
    }

    /** Over exits; place 0 is first-level fetch, 1 first-level data, 2 second level. */
    public Kept overExits(int place) {
        return new Kept(exitBefore[place], exitAfter[place]);
    }

    /** Over turns of others; places as above. */
    public Kept overSwitches(int place) {
        return new Kept(switchBefore[place], switchAfter[place]);
    }

    void clear() {
        Arrays.fill(exitBefore, 0);
        Arrays.fill(exitAfter, 0);
        Arrays.fill(switchBefore, 0);
        Arrays.fill(switchAfter, 0);
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(before);
        snapshot.transfer(exitBefore);
        snapshot.transfer(exitAfter);
        snapshot.transfer(switchBefore);
        snapshot.transfer(switchAfter);
        left = snapshot.transfer(left);
    }
}
