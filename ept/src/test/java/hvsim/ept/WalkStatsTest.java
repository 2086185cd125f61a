package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import org.junit.jupiter.api.Test;

/** What walks are counted as. */
class WalkStatsTest {
    private static final WalkStats SOME = new WalkStats(1, 2, 3, 4, 5, 6, 7, 8);
    private static final WalkStats MORE = new WalkStats(10, 30, 50, 70, 90, 110, 130, 150);

    @Test
    void countsAreAddedAndSubtractedOneByOne() {
        assertEquals(new WalkStats(11, 32, 53, 74, 95, 116, 137, 158), MORE.plus(SOME));
        assertEquals(new WalkStats(9, 28, 47, 66, 85, 104, 123, 142), MORE.minus(SOME));
    }

    @Test
    void countsAreReadBackAsTheyWereWritten() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertEquals(MORE, WalkStats.transfer(MORE, Snapshot.savingTo(new DataOutputStream(bytes))));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        assertEquals(MORE, WalkStats.transfer(SOME, Snapshot.loadingFrom(in)));
    }

    @Test
    void ofTheHypervisorsOwnWalksOnlyReferencesCount() {
        TwoStages stages = new TwoStages(WalkSpec.UNCACHED, PageSize.SIZE_4K);
        stages.map(0x5000, PageSize.SIZE_4K);
        stages.walker.countForHypervisor(true);
        stages.walk(0x5000, Access.USER_READ);
        stages.walk(0x5000, Access.USER_READ);
        assertEquals(48, stages.stats().hypervisorReferences(), "of both stages");
        assertEquals(
                0,
                stages.stats().translated()
                        + stages.stats().stopped()
                        + stages.stats().guestReferences()
                        + stages.stats().secondStageReferences());
        stages.walker.countForHypervisor(false);
        stages.walk(0x5000, Access.USER_READ);
        assertEquals(48, stages.stats().hypervisorReferences());
        assertEquals(1, stages.stats().translated());
    }
}
