package hvsim.ept;

import static hvsim.ept.Row.ALL;
import static hvsim.ept.Row.page;
import static hvsim.ept.Row.usedFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.Invalidation;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What each operation drops, row by row of the table in SDM vol. 3 (325384-059US), 4.10.4 and 28.3.3: exactly that goes,
 * and all else stays. The current VPID is 1 and the current PCID is 1 unless a row says otherwise. Rows that drop
 * nothing have no {@link Invalidation}; see {@link NothingDroppedTest}.
 */
class InvalidationRowsTest {
    private static final int VPID = 1;
    private static final int PCID = 1;
    private static final long ROOT = Cached.ROOTS[1];
    private static final List<Cached> POPULATION = Cached.population();

    /** Addresses cached alone, inside large pages, in pieces cached and not cached, and not cached at all. */
    private static final long[] GVAS = {
        Cached.A + 0x10,
        Cached.A + 0x1FFF,
        Cached.LARGE + 0x1_2345,
        Cached.HUGE + 0x123_4567,
        Cached.CUT + 0x5008,
        Cached.CUT + 0x9000,
        Cached.CUT_HUGE + (700 << 20),
        0x5555_5555_5000L,
        0
    };

    private static final long[] GPAS = {Cached.G + 0x18, Cached.G + 0x3000, Cached.G + (1L << 39), 0x7777_7000L};

    private static void drops(Invalidation invalidation, Row row) {
        dropsOf(POPULATION, invalidation, row, false);
    }

    static void dropsOf(List<Cached> population, Invalidation invalidation, Row row, boolean fractureFlush) {
        Remembered remembered = new Remembered(fractureFlush);
        population.forEach(remembered::put);
        population.forEach(c -> assertTrue(remembered.has(c), () -> "not there before: " + c));
        remembered.invalidate(invalidation);
        population.forEach(c -> assertEquals(!row.test(c), remembered.has(c), c::toString));
    }

    private static Row row() {
        return new Row();
    }

    private static Row current() {
        return row().vpid(VPID).pcid(PCID);
    }

    @Test
    void row1Invlpg() {
        for (long a : GVAS) {
            drops(
                    Invalidation.invlpg(VPID, PCID, a),
                    current().plain(page(a)).global(page(a)).structures(ALL));
        }
        drops(
                Invalidation.invlpg(0, 0, Cached.A),
                row().vpid(0)
                        .pcid(0)
                        .plain(page(Cached.A))
                        .global(page(Cached.A))
                        .structures(ALL));
    }

    @Test
    void row2InvpcidOfAnAddress() {
        for (long a : GVAS) {
            drops(
                    Invalidation.invpcidAddress(VPID, 4095, a),
                    row().vpid(VPID).pcid(4095).plain(page(a)).structures(usedFor(a)));
        }
    }

    @Test
    void row3InvpcidOfAContext() {
        drops(
                Invalidation.invpcidContext(VPID, 4095),
                row().vpid(VPID).pcid(4095).plain(ALL).structures(ALL));
    }

    @Test
    void row4InvpcidOfAllWithGlobals() {
        drops(Invalidation.invpcidAllWithGlobals(VPID), row().vpid(VPID).everything());
    }

    @Test
    void row5InvpcidOfAllButGlobals() {
        drops(Invalidation.invpcidAll(VPID), row().vpid(VPID).plain(ALL).structures(ALL));
    }

    @Test
    void row6And13MovCr3AndTaskSwitchWithoutPcids() {
        drops(Invalidation.movCr3(VPID, 0), row().vpid(VPID).pcid(0).plain(ALL).structures(ALL));
    }

    @Test
    void row7MovCr3OfAPcid() {
        drops(
                Invalidation.movCr3(VPID, 4095),
                row().vpid(VPID).pcid(4095).plain(ALL).structures(ALL));
    }

    @Test
    void row9And11MovCr4OfPgeOrPcideAndMovCr0OfPg() {
        drops(Invalidation.controlRegister(VPID), row().vpid(VPID).everything());
    }

    @Test
    void row10MovCr4OfPaeOrSmepIsOfTheCurrentPcidAndGlobals() {
        drops(Invalidation.controlRegister(VPID, PCID), current().everything());
    }

    @Test
    void row14PageFault() {
        for (long a : GVAS) {
            drops(
                    Invalidation.pageFault(VPID, PCID, a),
                    current().plain(page(a)).structures(usedFor(a)));
        }
    }

    @Test
    void row15EptViolationOfATranslatedAddress() {
        for (long a : GVAS) {
            for (long g : GPAS) {
                Row row = current().ep4ta(ROOT).combinedOnly().guestPhysical(usedFor(g));
                row.plain(usedFor(a)).global(usedFor(a)).structures(usedFor(a));
                drops(Invalidation.eptViolation(VPID, PCID, ROOT, a, g), row);
            }
        }
    }

    @Test
    void row15EptViolationOfATable() {
        for (long g : GPAS) {
            drops(Invalidation.eptViolation(ROOT, g), row().ep4ta(ROOT).guestPhysical(usedFor(g)));
        }
    }

    @Test
    void row17And18EntryAndExitWithoutVpid() {
        drops(Invalidation.transitionWithoutVpid(), row().vpid(0).everything());
    }

    @Test
    void row21InvvpidOfAnAddress() {
        for (long a : GVAS) {
            drops(
                    Invalidation.invvpidAddress(65535, a),
                    row().vpid(65535).plain(page(a)).global(page(a)).structures(usedFor(a)));
        }
    }

    @Test
    void row22InvvpidOfAContext() {
        drops(Invalidation.invvpidContext(2), row().vpid(2).everything());
    }

    @Test
    void row23InvvpidOfAllSparesVpid0() {
        drops(Invalidation.invvpidAll(), row().vpidNotZero().everything());
    }

    @Test
    void row24InvvpidOfAContextButGlobals() {
        drops(Invalidation.invvpidContextButGlobals(2), row().vpid(2).plain(ALL).structures(ALL));
    }

    @Test
    void row25InveptOfARoot() {
        drops(
                Invalidation.inveptContext(ROOT),
                row().combinedOnly().ep4ta(ROOT).everything().guestPhysical(ALL));
    }

    @Test
    void row26InveptOfAll() {
        drops(Invalidation.inveptAll(), row().combinedOnly().everything().guestPhysical(ALL));
    }

    @Test
    void row27EptpSwitchWithoutVpid() {
        drops(Invalidation.eptpSwitchWithoutVpid(), row().combinedOnly().vpid(0).everything());
    }

    @Test
    void row30Reset() {
        drops(Invalidation.reset(), row().everything().guestPhysical(ALL));
    }

    @Test
    void fractureFlushMakesInvlpgOfAnyPageDropTheSpaceWhileAPieceIsCached() {
        for (long a : GVAS) {
            dropsOf(POPULATION, Invalidation.invlpg(VPID, PCID, a), current().everything(), true);
        }
    }

    @Test
    void fractureFlushLeavesASpaceWithoutPiecesAndOtherOperationsAlone() {
        List<Cached> uncut = POPULATION.stream()
                .filter(c -> c.size() == c.guestPage() || c.vpid() != VPID)
                .toList();
        long a = Cached.A;
        dropsOf(
                uncut,
                Invalidation.invlpg(VPID, PCID, a),
                current().plain(page(a)).global(page(a)).structures(ALL),
                true);
        dropsOf(
                POPULATION,
                Invalidation.pageFault(VPID, PCID, a),
                current().plain(page(a)).structures(usedFor(a)),
                true);
        dropsOf(
                POPULATION,
                Invalidation.invpcidAddress(VPID, PCID, a),
                current().plain(page(a)).structures(usedFor(a)),
                true);
        dropsOf(
                POPULATION,
                Invalidation.invvpidAddress(VPID, a),
                row().vpid(VPID).plain(page(a)).global(page(a)).structures(usedFor(a)),
                true);
    }

    @Test
    void everyInvalidationHasARowHere() {
        Set<String> factories = Arrays.stream(Invalidation.class.getMethods())
                .filter(m -> Modifier.isStatic(m.getModifiers()))
                .map(m -> m.getName() + m.getParameterCount())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> tested = new TreeSet<>(Set.of(
                "invlpg3",
                "invpcidAddress3",
                "invpcidContext2",
                "invpcidAllWithGlobals1",
                "invpcidAll1",
                "movCr32",
                "controlRegister1",
                "controlRegister2",
                "pageFault3",
                "eptViolation5",
                "eptViolation2"));
        tested.addAll(Set.of(
                "transitionWithoutVpid0",
                "invvpidAddress2",
                "invvpidContext1",
                "invvpidAll0",
                "inveptContext1",
                "invvpidContextButGlobals1",
                "inveptAll0",
                "eptpSwitchWithoutVpid0",
                "reset0"));
        assertEquals(tested, factories);
    }
}
