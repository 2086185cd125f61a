package hvsim.cpu;

import hvsim.tlb.Snapshot;
import hvsim.tlb.Tlb;

/**
 * What is left of a virtual processor's TLB entries when it comes back: over exits, and over turns of
 * other virtual processors. Entries of its current address space, by level and side.
 */
public final class Retention {
    private final long[] before = new long[RetentionCounts.PLACES];
    private boolean left;

    private static int live(Mmu mmu, int place) {
        return place == 2 ? mmu.live(2, Tlb.DATA_SIDE) : mmu.live(1, place);
    }

    void leave(Mmu mmu) {
        for (int place = 0; place < RetentionCounts.PLACES; place++) {
            before[place] = live(mmu, place);
        }
        left = true;
    }

    void comeBack(Mmu mmu, boolean othersRan, RetentionCounts counts) {
        if (!left) {
            return;
        }
        for (int place = 0; place < RetentionCounts.PLACES; place++) {
            if (othersRan) {
                counts.overSwitch(place, before[place], live(mmu, place));
            } else {
                counts.overExit(place, before[place], live(mmu, place));
            }
        }
        left = false;
    }

    /** It does not come back, or not as it was. */
    public void forget() {
        left = false;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(before);
        left = snapshot.transfer(left);
    }
}
