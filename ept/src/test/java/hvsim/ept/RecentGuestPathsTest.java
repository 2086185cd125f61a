package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.PageSize;
import hvsim.tlb.TlbTag;
import org.junit.jupiter.api.Test;

/** Nobody can see that walks without caches know where they came to the last table of the guest. */
class RecentGuestPathsTest {
    private static final long GVA = 0x7F12_3456_7000L;

    private final TwoStages stages = new TwoStages(WalkSpec.UNCACHED, PageSize.SIZE_4K);

    @Test
    void everyWalkCountsAllReferences() {
        stages.map(GVA, PageSize.SIZE_4K);
        for (int i = 0; i < 3; i++) {
            Walk walk = stages.walk(GVA, Access.USER_READ);
            assertEquals(4, walk.guestReferences());
            assertEquals(20, walk.secondStageReferences());
        }
        assertEquals(60, stages.stats().secondStageReferences());
    }

    @Test
    void anotherSecondStageIsAskedAnew() {
        stages.map(GVA, PageSize.SIZE_4K);
        assertEquals(WalkOutcome.TRANSLATED, outcome());
        stages.enter(1, 0, TwoStages.EPT_ROOT << 1);
        assertEquals(WalkOutcome.EPT_VIOLATION, outcome());
        stages.enter(1, 0, TlbTag.NO_EP4TA);
        assertEquals(WalkOutcome.PAGE_FAULT, outcome());
        stages.enter(1, 0, TwoStages.EPT_ROOT);
        assertEquals(WalkOutcome.TRANSLATED, outcome());
    }

    private WalkOutcome outcome() {
        return stages.walk(GVA, Access.USER_READ).outcome();
    }
}
