package hvsim.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TranslationTest {
    private static final long HPA = 0x000F_FFFF_FFE0_0000L;
    private static final int ALL_FLAGS = 0xFFF;

    @Test
    void aProtectionKeyLeavesTheRestOfATranslationAsItIs() {
        long unkeyed = Translation.pack(HPA, PageSize.SIZE_2M, ALL_FLAGS);
        assertEquals(0, Translation.key(unkeyed));
        for (int key = 15; key >= 0; key--) {
            long keyed = Translation.withKey(Translation.withKey(unkeyed, 15 - key), key);
            assertEquals(key, Translation.key(keyed));
            assertEquals(HPA, Translation.pageHpa(keyed));
            assertEquals(PageSize.SIZE_2M, Translation.size(keyed));
            assertEquals(ALL_FLAGS, Translation.flags(keyed));
            assertEquals(HPA | 0x1F_FFFF, Translation.hpa(keyed, 0x7FFF_FFFF_FFFFL));
        }
    }

    @Test
    void aMachineAddressIsThatOfThePageAndTheOffsetInIt() {
        long translation = Translation.pack(0x4000_0000L, PageSize.SIZE_2M, Translation.USER);
        assertEquals(0x4014_5678L, Translation.hpa(translation, 0x7F12_3454_5678L));
    }

    @Test
    void thePageThatAPieceWasCutFromIsToldApartFromAllOthers() {
        long[] expected = {1L << 21, 1L << 30, 1L << 22};
        int[] cuts = {
            Translation.cutFrom(PageSize.SIZE_2M), Translation.cutFrom(PageSize.SIZE_1G), Translation.cutFrom4M()
        };
        for (int i = 0; i < cuts.length; i++) {
            long piece = Translation.pack(0, PageSize.SIZE_4K, Translation.USER | cuts[i]);
            assertEquals(true, Translation.isPieceAround(piece, 0, expected[i] - 1));
            assertEquals(false, Translation.isPieceAround(piece, 0, expected[i]));
        }
        long whole = Translation.pack(0, PageSize.SIZE_4K, Translation.USER);
        assertEquals(false, Translation.isPieceAround(whole, 0, 0));
    }
}
