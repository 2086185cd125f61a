package hvsim.tlb;

import static hvsim.tlb.Tlb.DATA_SIDE;
import static hvsim.tlb.Tlb.FETCH_SIDE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TlbTest {
    private static final long GVA = 0x7F12_3456_7000L;
    private static final int READ = 1;

    private final TlbTag tags = new TlbTag();
    private final Tlb tlb = tlb();

    private Tlb tlb() {
        Tlb entered = new Tlb(TlbShapes.A_STORE_FOR_EACH_SIZE.spec(false));
        entered.enter(tags.of(0, 0, TlbTag.NO_EP4TA), tags.of(0, TlbTag.GLOBAL, TlbTag.NO_EP4TA));
        return entered;
    }

    private static void fill(Tlb tlb, int side, long gva, PageSize size, int flags) {
        tlb.fill(side, gva, Translation.pack(gva & -size.bytes(), size, Translation.USER | flags));
    }

    private boolean frontAnswers(int kind, long gva) {
        Front front = tlb.front();
        return front.keys()[Front.index(kind, gva)] == (gva >>> 12 << Front.PAGE_SHIFT | front.tag());
    }

    @Test
    void oneMissInSeveralPartsOfALevelIsOneMiss() {
        tlb.lookup(DATA_SIDE, GVA);
        assertEquals(new TlbStats(0, 1, 0, 1, 0, 0, 0, 0), tlb.stats());
        for (PageSize size : PageSize.values()) {
            fill(tlb, DATA_SIDE, (long) size.ordinal() << 40, size, 0);
        }
        tlb.lookup(FETCH_SIDE, GVA);
        assertEquals(new TlbStats(1, 1, 1, 1, 0, 0, 0, 0), tlb.stats());
    }

    @Test
    void aHitInAnyPartOfTheSecondLevelIsNoMissThereAndCostsWhatThatPartCosts() {
        Tlb split = new Tlb(TlbShapes.LARGE_PAGES_ON_LEVEL_2_ONLY.spec(false));
        fill(split, DATA_SIDE, GVA, PageSize.SIZE_1G, 0);
        assertEquals(GVA & -PageSize.SIZE_1G.bytes(), Translation.pageHpa(split.lookup(DATA_SIDE, GVA)));
        assertEquals(9, split.hitCycles());
        assertEquals(new TlbStats(0, 1, 0, 0, 0, 0, 0, 0), split.stats());
    }

    @Test
    void aPageGoesIntoThePartForItsSizeAndLeavesTheOthersAlone() {
        fill(tlb, DATA_SIDE, GVA, PageSize.SIZE_4K, 0);
        for (int page = 0; page < 100; page++) {
            fill(tlb, DATA_SIDE, (long) page << 40, PageSize.SIZE_1G, 0);
            fill(tlb, DATA_SIDE, (long) page << 41 | (long) page << 21, PageSize.SIZE_2M, 0);
        }
        assertEquals(GVA, Translation.pageHpa(tlb.lookup(DATA_SIDE, GVA)));
        assertEquals(0, tlb.hitCycles());
        assertEquals(1 + 4, tlb.live(1, DATA_SIDE, 0, 1));
        assertEquals(1 + 16 + 8, tlb.live(2, DATA_SIDE, 0, 1));
    }

    @Test
    void theHypervisorsMissesAreCountedApart() {
        tlb.countForHypervisor(true);
        tlb.lookup(DATA_SIDE, GVA);
        tlb.lookup(FETCH_SIDE, GVA);
        tlb.countForHypervisor(false);
        tlb.lookup(DATA_SIDE, GVA);
        assertEquals(new TlbStats(0, 1, 0, 1, 1, 1, 1, 1), tlb.stats());
    }

    @Test
    void levelsCountByTheirNames() {
        assertEquals("tlb", tlb.name(1, DATA_SIDE));
        assertEquals("stlb", tlb.name(2, FETCH_SIDE));
        assertEquals("", new Tlb(TlbShapes.NO_SECOND_LEVEL.spec(false)).name(2, DATA_SIDE));
    }

    @Test
    void theFrontAnswersForTheLastAllowedPageOfASetInThisModeAndSpaceUntilAnotherIsUsed() {
        fill(tlb, DATA_SIDE, GVA, PageSize.SIZE_4K, 0);
        tlb.allow(READ, GVA);
        assertTrue(frontAnswers(READ, GVA));
        assertFalse(frontAnswers(READ, GVA + 0x1000));
        assertFalse(frontAnswers(READ + 1, GVA));
        tlb.front().enterMode(1);
        assertFalse(frontAnswers(READ, GVA));
        tlb.front().enterMode(0);
        tlb.enter(5, 6);
        assertFalse(frontAnswers(READ, GVA));
        tlb.enter(0, 1);
        fill(tlb, DATA_SIDE, GVA + 0x1000, PageSize.SIZE_4K, 0);
        tlb.allow(READ, GVA + 0x1000);
        assertTrue(frontAnswers(READ, GVA), "the page of the other set changes nothing");
        fill(tlb, DATA_SIDE, GVA + 0x2000, PageSize.SIZE_4K, 0);
        tlb.allow(READ, GVA + 0x2000);
        assertFalse(frontAnswers(READ, GVA));
    }

    @Test
    void theFrontForgetsWhatAnInvalidationDrops() {
        fill(tlb, DATA_SIDE, GVA, PageSize.SIZE_4K, 0);
        tlb.allow(READ, GVA);
        tlb.invalidate(Invalidation.movCr3(0, 0), tags);
        assertFalse(frontAnswers(READ, GVA));
    }

    @Test
    void aNewFrontAnswersForNoPageNotEvenTheFirst() {
        for (int kind = 0; kind < 8; kind++) {
            assertFalse(frontAnswers(kind, 0));
        }
    }

    @Test
    void aClearedTlbRemembersNothingInFrontEither() {
        fill(tlb, DATA_SIDE, GVA, PageSize.SIZE_4K, 0);
        tlb.allow(READ, GVA);
        tlb.clear();
        assertFalse(frontAnswers(READ, GVA));
        assertEquals(Translation.NONE, tlb.lookup(DATA_SIDE, GVA));
    }

    @Test
    void aLoadedTlbForgetsWhatItsFrontKnewAndFindsThePiecesThatWereSaved() {
        Tlb saved = tlb();
        fill(saved, DATA_SIDE, GVA, PageSize.SIZE_4K, Translation.cutFrom(PageSize.SIZE_2M));
        fill(tlb, DATA_SIDE, GVA + 0x5000, PageSize.SIZE_4K, 0);
        tlb.allow(READ, GVA + 0x5000);
        Saved.copy(saved::transfer, tlb::transfer);
        assertFalse(frontAnswers(READ, GVA + 0x5000));
        assertEquals(GVA, Translation.pageHpa(tlb.lookup(DATA_SIDE, GVA)));
        tlb.invalidate(Invalidation.invlpg(0, 0, GVA + 0x1000), tags);
        assertEquals(Translation.NONE, tlb.lookup(DATA_SIDE, GVA));
    }

    @Test
    void anEptViolationTakesTheOnePieceAndNotTheWholePage() {
        tlb.enter(tags.of(1, 0, 0x1000), tags.of(1, TlbTag.GLOBAL, 0x1000));
        fill(tlb, DATA_SIDE, GVA, PageSize.SIZE_4K, Translation.cutFrom(PageSize.SIZE_2M));
        fill(tlb, DATA_SIDE, GVA + 0x1000, PageSize.SIZE_4K, Translation.cutFrom(PageSize.SIZE_2M));
        tlb.invalidate(Invalidation.eptViolation(1, 0, 0x1000, GVA, 0x9000), tags);
        assertEquals(Translation.NONE, tlb.lookup(DATA_SIDE, GVA));
        assertEquals(GVA + 0x1000, Translation.pageHpa(tlb.lookup(DATA_SIDE, GVA + 0x1000)));
    }
}
