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

    private static Tlb ofLargePages(boolean fractureFlush, TlbTag tags) {
        Tlb tlb = new Tlb(TlbShapes.PARTS_SIDE_BY_SIDE.spec(fractureFlush));
        tlb.enter(tags.of(0, 0, TlbTag.NO_EP4TA), tags.of(0, TlbTag.GLOBAL, TlbTag.NO_EP4TA));
        return tlb;
    }

    /** 0x40_0000 is the border of pages of 4 MiB. */
    private static void fillPieceOf4M(Tlb tlb, long gva, PageSize size) {
        int flags = Translation.USER | Translation.cutFrom4M();
        tlb.fill(Tlb.DATA_SIDE, gva, Translation.pack(gva, size, flags));
    }

    @Test
    void invlpgDropsBothHalvesOfAPageOf4MAndAllSmallerPiecesAndNothingBeyond() {
        Tlb large = ofLargePages(false, tags);
        fillPieceOf4M(large, 0x40_0000, PageSize.SIZE_2M);
        fillPieceOf4M(large, 0x60_0000, PageSize.SIZE_2M);
        fillPieceOf4M(large, 0x7F_F000, PageSize.SIZE_4K);
        fillPieceOf4M(large, 0x20_0000, PageSize.SIZE_2M);
        fillPieceOf4M(large, 0x80_0000, PageSize.SIZE_2M);
        large.invalidate(Invalidation.invlpg(0, 0, 0x41_2345), tags);
        assertEquals(Translation.NONE, large.lookup(Tlb.DATA_SIDE, 0x40_0000));
        assertEquals(Translation.NONE, large.lookup(Tlb.DATA_SIDE, 0x60_0000));
        assertEquals(Translation.NONE, large.lookup(Tlb.DATA_SIDE, 0x7F_F000));
        assertEquals(0x20_0000, Translation.pageHpa(large.lookup(Tlb.DATA_SIDE, 0x20_0000)));
        assertEquals(0x80_0000, Translation.pageHpa(large.lookup(Tlb.DATA_SIDE, 0x80_0000)));
    }

    @Test
    void aHalfOfAPageOf4MIsNoFractureButASmallerPieceIs() {
        Tlb large = ofLargePages(true, tags);
        fillPieceOf4M(large, 0x40_0000, PageSize.SIZE_2M);
        large.invalidate(Invalidation.invlpg(0, 0, 0x1000), tags);
        assertEquals(0x40_0000, Translation.pageHpa(large.lookup(Tlb.DATA_SIDE, 0x40_0000)));
        fillPieceOf4M(large, 0x80_0000, PageSize.SIZE_4K);
        large.invalidate(Invalidation.invlpg(0, 0, 0x1000), tags);
        assertEquals(Translation.NONE, large.lookup(Tlb.DATA_SIDE, 0x40_0000));
    }

    @Test
    void aPartOfSeveralPageSizesCountsEachEntryOnce() {
        Tlb unified = new Tlb(TlbShapes.UNIFIED_FIRST_LEVEL.spec(false));
        unified.enter(0, 1);
        unified.fill(Tlb.DATA_SIDE, PAGE, Translation.pack(0, PageSize.SIZE_4K, Translation.USER));
        assertEquals(1, unified.live(1, Tlb.DATA_SIDE, 0, 1));
    }
}
