package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.ept.WalkJournal.Kind;
import hvsim.ept.WalkJournal.Step;
import hvsim.tlb.AccessKind;
import hvsim.tlb.PageSize;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A walk written down: each reference in its order, S and G with the level of the table, N for the nested TLB. */
class WalkJournalTest {
    private static final long GVA = 0x7F12_3456_7000L;
    private static final WalkSpec.StructureCache NONE = new WalkSpec.StructureCache(0, 0, 0);

    private final TwoStages stages = new TwoStages(WalkSpec.UNCACHED, PageSize.SIZE_4K);

    private List<Step> steps(WalkSpec spec, int walks) {
        WalkJournal journal = WalkJournal.writing();
        NestedWalker walker = new NestedWalker(stages.memory, new WalkCaches(spec), PagingCapability.ALL, journal);
        long eptp = EptPointer.pack(TwoStages.EPT_ROOT, 4, false);
        walker.enterNested(TwoStages.LONG, 0, TwoStages.NO_PDPTES, 1, eptp, false, 1);
        for (int i = 0; i < walks; i++) {
            walker.walk(GVA, AccessKind.READ, Access.USER_READ.rights(TwoStages.REGISTERS), new Walk());
        }
        return journal.steps();
    }

    private static String text(List<Step> steps) {
        return steps.stream()
                .map(s -> s.kind().name().charAt(0) + "" + s.level())
                .collect(Collectors.joining(" "));
    }

    @Test
    void aWalkIsItsReferencesInOrder() {
        stages.map(GVA, PageSize.SIZE_4K);
        List<Step> steps = steps(WalkSpec.UNCACHED, 1);
        String table = "S4 S3 S2 S1 ";
        assertEquals(table + "G4 " + table + "G3 " + table + "G2 " + table + "G1 " + table.strip(), text(steps));
        steps.forEach(step -> assertEquals(stages.memory.read(step.hpa()), step.entry()));
        assertEquals(stages.gpa(GVA), steps.get(23).gpa());
        assertEquals(0, steps.get(19).gpa(), "of a guest's entry");
    }

    @Test
    void aWalkThatIsMadeAgainIsWrittenDownAgain() {
        stages.map(GVA, PageSize.SIZE_4K);
        List<Step> steps = steps(WalkSpec.UNCACHED, 2);
        assertEquals(steps.subList(0, 24), steps.subList(24, 48));
    }

    @Test
    void anEntryThatStopsTheWalkIsTheLast() {
        stages.map(GVA, PageSize.SIZE_4K);
        Step leaf = steps(WalkSpec.UNCACHED, 1).get(23);
        stages.memory.write(leaf.hpa(), 0);
        List<Step> steps = steps(WalkSpec.UNCACHED, 1);
        assertEquals(24, steps.size());
        assertEquals(new Step(Kind.SECOND_STAGE, 1, leaf.hpa(), 0, leaf.gpa()), steps.get(23));
    }

    @Test
    void aFrameThatIsRememberedIsFoundWithoutAReference() {
        stages.map(GVA, PageSize.SIZE_4K);
        List<Step> steps = steps(new WalkSpec(NONE, NONE, 16), 2);
        assertEquals("N0 G4 N0 G3 N0 G2 N0 G1 N0", text(steps.subList(24, steps.size())));
        Step found = steps.get(steps.size() - 1);
        assertEquals(new Step(Kind.NESTED_TLB, 0, stages.expectedHpa(GVA), 0, stages.gpa(GVA)), found);
    }

    @Test
    void ofAPageThatIsLargeNothingBelowIsRead() {
        stages.map(GVA, PageSize.SIZE_2M);
        assertTrue(text(steps(WalkSpec.UNCACHED, 1)).endsWith("G2 S4 S3 S2 S1"));
        assertFalse(text(steps(WalkSpec.UNCACHED, 1)).contains("G1"));
    }

    @Test
    void noneWritesNothingDown() {
        WalkJournal.NONE.guest(1, 0, 0);
        WalkJournal.NONE.secondStage(1, 0, 0, 0);
        WalkJournal.NONE.nestedTlbHit(0, 0);
        assertEquals(List.of(), WalkJournal.NONE.steps());
    }
}
