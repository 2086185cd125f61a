package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.Invalidation;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.Tlb;
import hvsim.tlb.TlbSpec;
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows of the table of operations that drop nothing: what was remembered is used afterwards. */
class NothingDroppedTest {
    private static final long GVA = 0x7F12_3456_7000L;
    private static final Access READ = Access.USER_READ;
    private static final WalkSpec SPEC =
            new WalkSpec(new WalkSpec.StructureCache(8, 8, 8), new WalkSpec.StructureCache(8, 8, 8), 64);

    private final TwoStages stages = new TwoStages(SPEC, PageSize.SIZE_4K);
    private final Tlb tlb = new Tlb(new TlbSpec(
            List.of(new TlbSpec.Part("tlb", 1, TlbSpec.Holds.ALL, Set.of(PageSize.SIZE_4K), 64, 4, SetIndex.MASK, 0)),
            false));

    @BeforeEach
    void remember() {
        stages.map(GVA, PageSize.SIZE_4K);
        enter(1, 1, TwoStages.EPT_ROOT);
        tlb.fill(Tlb.DATA_SIDE, GVA, stages.walk(GVA, READ).translation());
        assertEquals(1, stages.walk(GVA, READ).guestReferences());
    }

    private void enter(int vpid, int pcid, long ep4ta) {
        stages.enter(vpid, pcid, ep4ta);
        tlb.enter(stages.tags.of(vpid, pcid, ep4ta), stages.tags.of(vpid, TlbTag.GLOBAL, ep4ta));
    }

    private void assertRemembered() {
        assertTrue(tlb.lookup(Tlb.DATA_SIDE, GVA) != Translation.NONE);
        Walk walk = stages.walk(GVA, READ);
        assertEquals(1, walk.guestReferences());
        assertEquals(0, walk.secondStageReferences());
    }

    @Test
    void row8MovCr3ThatKeeps() {
        enter(1, 2, TwoStages.EPT_ROOT);
        assertEquals(Translation.NONE, tlb.lookup(Tlb.DATA_SIDE, GVA));
        assertEquals(4, stages.walk(GVA, READ).guestReferences());
        enter(1, 1, TwoStages.EPT_ROOT);
        assertRemembered();
    }

    @Test
    void row12ChangesOfControlRegistersThatOnlyChangeWhatAnAccessMay() {
        // WP, SMAP and PKE are no part of what is remembered: a translation keeps the rights, not a verdict
        long translation = tlb.lookup(Tlb.DATA_SIDE, GVA);
        assertEquals(
                Translation.USER | Translation.GUEST_WRITE, translation & (Translation.USER | Translation.GUEST_WRITE));
    }

    @Test
    void row16EptMisconfiguration() {
        long other = GVA + (4L << 30);
        stages.map(other, PageSize.SIZE_4K);
        long leaf = stages.ept.entryHpa(stages.gpa(other), 1);
        stages.memory.write(leaf, EptEntry.WRITE);
        assertEquals(WalkOutcome.EPT_MISCONFIGURATION, stages.walk(other, READ).outcome());
        assertRemembered();
    }

    @Test
    void row19ExitAndEntryWithVpid() {
        enter(0, 0, TlbTag.NO_EP4TA);
        enter(1, 1, TwoStages.EPT_ROOT);
        assertRemembered();
    }

    @Test
    void row28EptpSwitchWithVpidSelectsOtherMappings() {
        enter(1, 1, 0x7000);
        assertEquals(Translation.NONE, tlb.lookup(Tlb.DATA_SIDE, GVA));
        enter(1, 1, TwoStages.EPT_ROOT);
        assertRemembered();
    }

    @Test
    void row31AWriteToTablesInMemory() {
        long gpa = stages.gpa(GVA);
        for (int level = 2; level <= 4; level++) {
            stages.memory.write(stages.guest.entryHpa(GVA, level), 0);
        }
        for (int level = 1; level <= 4; level++) {
            stages.memory.write(stages.ept.entryHpa(gpa, level), 0);
        }
        assertRemembered();
    }

    @Test
    void row32AnOperationOfAnotherProcessor() {
        WalkCaches remote = new WalkCaches(SPEC);
        remote.invalidate(Invalidation.reset(), stages.tags);
        new Tlb(new TlbSpec(List.of(), false)).invalidate(Invalidation.reset(), stages.tags);
        assertRemembered();
    }
}
