package hvsim.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TlbSpecTest {
    private static final Set<PageSize> SMALL = Set.of(PageSize.SIZE_4K);

    private static TlbSpec.Part part(int level, Set<PageSize> pages, int ways, int hitCycles, Replacement replacement) {
        return new TlbSpec.Part(
                "tlb", level, TlbSpec.Holds.ALL, pages, 24, ways, SetIndex.MODULO, hitCycles, replacement, 1);
    }

    @Test
    void aPartIsOnOneOfTwoLevels() {
        part(1, SMALL, 4, 0, Replacement.LRU);
        part(2, SMALL, 4, 0, Replacement.LRU);
        assertThrows(IllegalArgumentException.class, () -> part(0, SMALL, 4, 0, Replacement.LRU));
        assertThrows(IllegalArgumentException.class, () -> part(3, SMALL, 4, 0, Replacement.LRU));
    }

    @Test
    void onlyAHitOnTheSecondLevelCosts() {
        part(2, SMALL, 4, 7, Replacement.LRU);
        assertThrows(IllegalArgumentException.class, () -> part(1, SMALL, 4, 7, Replacement.LRU));
    }

    @Test
    void aPartHoldsSomePageSize() {
        assertThrows(IllegalArgumentException.class, () -> part(1, Set.of(), 4, 0, Replacement.LRU));
    }

    @Test
    void aTreeNeedsAPowerOfTwoOfWays() {
        part(1, SMALL, 8, 0, Replacement.TREE_PLRU);
        part(1, SMALL, 12, 0, Replacement.RANDOM);
        assertThrows(IllegalArgumentException.class, () -> part(1, SMALL, 12, 0, Replacement.TREE_PLRU));
    }

    @Test
    void aSideCountsAsOneTlbOnALevel() {
        List<TlbSpec.Part> parts = List.of(
                TlbShapes.part("a", 1, TlbSpec.Holds.ALL, 4, 4, SetIndex.MASK, PageSize.SIZE_4K),
                TlbShapes.part("b", 1, TlbSpec.Holds.DATA, 4, 4, SetIndex.MASK, PageSize.SIZE_2M));
        String what = assertThrows(IllegalArgumentException.class, () -> new Tlb(new TlbSpec(parts, false)))
                .getMessage();
        assertEquals("level 1 counts as both a and b", what);
    }

    @Test
    void aPageSizeSaysHowManyBytesAndWhichTable() {
        assertEquals(4096, PageSize.SIZE_4K.bytes());
        assertEquals(1L << 30, PageSize.SIZE_1G.bytes());
        assertEquals(1, PageSize.SIZE_4K.leafLevel());
        assertEquals(2, PageSize.SIZE_2M.leafLevel());
        assertEquals(3, PageSize.SIZE_1G.leafLevel());
    }
}
