package hvsim.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which cached mapping an access may use: SDM vol. 3 (325384-059US), 28.3.2, for every pair of states. */
class MappingUseTest {
    private static final long GVA = 0x7F12_3456_7000L;

    /** What a processor is in; linear mappings are made and used where EPT is not in use. */
    private record State(int vpid, int pcid, long ep4ta) {
        boolean usesEpt() {
            return ep4ta != TlbTag.NO_EP4TA;
        }
    }

    private final List<State> states = new ArrayList<>();

    MappingUseTest() {
        for (int vpid = 0; vpid < 3; vpid++) {
            for (int pcid : new int[] {0, 1, 4095}) {
                states.add(new State(vpid, pcid, TlbTag.NO_EP4TA));
                states.add(new State(vpid, pcid, 0));
                states.add(new State(vpid, pcid, 0x5000));
            }
        }
    }

    @Test
    void aMappingIsUsedInTheStateItWasMadeInAndAGlobalOneUnderAnyPcid() {
        for (State made : states) {
            for (State now : states) {
                assertEquals(mayUse(made, now, false), uses(made, now, false), made + " " + now);
                assertEquals(mayUse(made, now, true), uses(made, now, true), "global " + made + " " + now);
            }
        }
    }

    private static boolean mayUse(State made, State now, boolean global) {
        boolean kind = made.usesEpt() == now.usesEpt();
        boolean root = !now.usesEpt() || made.ep4ta() == now.ep4ta();
        return kind && root && made.vpid() == now.vpid() && (global || made.pcid() == now.pcid());
    }

    private static boolean uses(State made, State now, boolean global) {
        Tlb tlb = new Tlb(TlbShapes.PARTS_SIDE_BY_SIDE.spec(false));
        TlbTag tags = new TlbTag();
        enter(tlb, tags, made);
        int flags = Translation.USER | (global ? Translation.GLOBAL : 0);
        tlb.fill(Tlb.DATA_SIDE, GVA, Translation.pack(0x9000, PageSize.SIZE_4K, flags));
        enter(tlb, tags, now);
        return tlb.lookup(Tlb.DATA_SIDE, GVA) != Translation.NONE;
    }

    private static void enter(Tlb tlb, TlbTag tags, State s) {
        tlb.enter(tags.of(s.vpid(), s.pcid(), s.ep4ta()), tags.of(s.vpid(), TlbTag.GLOBAL, s.ep4ta()));
    }

    @Test
    void guestPhysicalMappingsOfTwoRootsAreKeptApartAndFromAllOthers() {
        TlbTag tags = new TlbTag();
        List<Integer> numbers = new ArrayList<>();
        for (State s : states) {
            numbers.add(tags.of(s.vpid(), s.pcid(), s.ep4ta()));
        }
        numbers.add(tags.ofGuestPhysical(0));
        numbers.add(tags.ofGuestPhysical(0x5000));
        assertEquals(numbers.size(), numbers.stream().distinct().count());
    }

    @Test
    void equalSpacesHaveEqualTagsThroughGrowthAndReload() {
        TlbTag tags = new TlbTag();
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, tags.of(i % 7, i / 7, i % 3 - 1L));
        }
        TlbTag loaded = new TlbTag();
        Saved.copy(tags::transfer, loaded::transfer);
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, tags.of(i % 7, i / 7, i % 3 - 1L));
            assertEquals(i, loaded.of(i % 7, i / 7, i % 3 - 1L));
        }
    }
}
