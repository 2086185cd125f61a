package hvsim.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A large page of the guest of which the TLB holds pieces, as the second stage cut it. */
class CutPageTest {
    private static final long PAGE = 0x7F12_3460_0000L;
    private static final int FLAGS = Translation.USER | Translation.cutFrom(PageSize.SIZE_2M);

    private final TlbTag tags = new TlbTag();
    private final Tlb tlb = new Tlb(TlbShapes.SPLIT_4K.spec(false));

    CutPageTest() {
        tlb.enter(tags.of(1, 1, 0x1000), tags.of(1, TlbTag.GLOBAL, 0x1000));
        fill(PAGE, FLAGS);
        fill(PAGE + 0x5000, FLAGS);
        fill(PAGE + 0x20_0000, FLAGS);
        fill(PAGE - 0x1000, Translation.USER);
    }

    private void fill(long gva, int flags) {
        tlb.fill(Tlb.DATA_SIDE, gva, Translation.pack(gva, PageSize.SIZE_4K, flags));
    }

    private void assertThatOnlyOtherPagesAreLeft() {
        assertEquals(Translation.NONE, tlb.lookup(Tlb.DATA_SIDE, PAGE));
        assertEquals(Translation.NONE, tlb.lookup(Tlb.DATA_SIDE, PAGE + 0x5000));
        assertEquals(PAGE + 0x20_0000, Translation.pageHpa(tlb.lookup(Tlb.DATA_SIDE, PAGE + 0x20_0000)));
        assertEquals(PAGE - 0x1000, Translation.pageHpa(tlb.lookup(Tlb.DATA_SIDE, PAGE - 0x1000)));
    }

    @Test
    void invlpgOfOnePieceDropsThemAll() {
        tlb.invalidate(Invalidation.invlpg(1, 1, PAGE + 0x5000), tags);
        assertThatOnlyOtherPagesAreLeft();
    }

    @Test
    void invlpgOfAPieceThatIsNotCachedDropsTheOthers() {
        tlb.invalidate(Invalidation.invlpg(1, 1, PAGE + 0x1F_F000), tags);
        assertThatOnlyOtherPagesAreLeft();
    }

    @Test
    void aPageFaultDropsThemAll() {
        tlb.invalidate(Invalidation.pageFault(1, 1, PAGE + 0x7000), tags);
        assertThatOnlyOtherPagesAreLeft();
    }

    @Test
    void aPartOfSeveralPageSizesCountsEachEntryOnce() {
        Tlb unified = new Tlb(TlbShapes.UNIFIED_FIRST_LEVEL.spec(false));
        unified.enter(0, 1);
        unified.fill(Tlb.DATA_SIDE, PAGE, Translation.pack(0, PageSize.SIZE_4K, Translation.USER));
        assertEquals(1, unified.live(1, Tlb.DATA_SIDE, 0, 1));
    }
}
