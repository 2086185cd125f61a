package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
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

    /** Of the same guest, it has the page alone and not the tables; all is written before the first walk. */
    @Test
    void anotherSecondStageIsAskedForTheTablesToo() {
        stages.map(GVA, PageSize.SIZE_4K);
        long root = TwoStages.EPT_ROOT >>> 1;
        PageTable other = PageTable.ofSecondStage(stages.memory, root);
        long gpa = stages.gpa(GVA);
        for (int level = 3; level > 0; level--) {
            other.link(gpa, level, root + 0x1000L * level, false);
        }
        long page = EptEntry.leaf(stages.expectedHpa(GVA), PageSize.SIZE_4K, EptEntry.RIGHTS);
        other.setLeaf(gpa, PageSize.SIZE_4K, page);
        assertEquals(WalkOutcome.TRANSLATED, outcome());
        stages.enter(1, 0, root);
        assertEquals(WalkOutcome.EPT_VIOLATION, outcome());
    }

    @Test
    void whereAnythingIsCachedWalksGoTheirWay() {
        WalkSpec.StructureCache none = new WalkSpec.StructureCache(0, 0, 0);
        TwoStages cached = new TwoStages(new WalkSpec(none, none, 16), PageSize.SIZE_4K);
        cached.map(GVA, PageSize.SIZE_4K);
        cached.walk(GVA, Access.USER_READ);
        Walk again = cached.walk(GVA, Access.USER_READ);
        assertEquals(4, again.guestReferences());
        assertEquals(0, again.secondStageReferences());
    }

    @Test
    void aReplacedMemoryIsWalkedAnew() {
        stages.map(GVA, PageSize.SIZE_4K);
        outcome();
        TwoStages other = new TwoStages(WalkSpec.UNCACHED, PageSize.SIZE_4K);
        other.memory.write(0, 1); // so that tables lie elsewhere once they are loaded
        other.map(GVA ^ 1L << 21, PageSize.SIZE_4K);
        other.map(GVA, PageSize.SIZE_4K);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Snapshot saving = Snapshot.savingTo(new DataOutputStream(bytes));
        other.memory.transfer(saving);
        other.walker.transfer(saving);
        Snapshot loading = Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        stages.memory.transfer(loading);
        stages.walker.transfer(loading);
        long translation = stages.walk(GVA, Access.USER_READ).translation();
        assertEquals(other.expectedHpa(GVA), Translation.hpa(translation, GVA));
    }

    private WalkOutcome outcome() {
        return stages.walk(GVA, Access.USER_READ).outcome();
    }
}
