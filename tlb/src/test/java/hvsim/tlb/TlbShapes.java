package hvsim.tlb;

import static hvsim.tlb.PageSize.SIZE_1G;
import static hvsim.tlb.PageSize.SIZE_2M;
import static hvsim.tlb.PageSize.SIZE_4K;
import static hvsim.tlb.TlbSpec.Holds.ALL;
import static hvsim.tlb.TlbSpec.Holds.DATA;
import static hvsim.tlb.TlbSpec.Holds.FETCH;

import java.util.List;
import java.util.Set;

/** Processors to try laws on. */
enum TlbShapes {
    /** The one of the reference simulator. */
    SPLIT_4K(
            part("itlb", 1, FETCH, 128, 8, SetIndex.MASK, SIZE_4K),
            part("dtlb", 1, DATA, 64, 4, SetIndex.MASK, SIZE_4K),
            part("stlb", 2, ALL, 1536, 12, SetIndex.MASK, SIZE_4K)),
    PARTS_SIDE_BY_SIDE(
            part("itlb", 1, FETCH, 16, 4, SetIndex.MASK, SIZE_4K),
            part("itlb", 1, FETCH, 8, 8, SetIndex.MASK, SIZE_2M),
            part("dtlb", 1, DATA, 16, 4, SetIndex.MASK, SIZE_4K),
            part("dtlb", 1, DATA, 8, 4, SetIndex.MASK, SIZE_2M),
            part("dtlb", 1, DATA, 4, 4, SetIndex.MASK, SIZE_1G),
            part("stlb", 2, ALL, 96, 12, SetIndex.XOR, SIZE_4K, SIZE_2M),
            part("stlb", 2, ALL, 4, 4, SetIndex.MASK, SIZE_1G)),
    ONE_WAY(
            part("itlb", 1, FETCH, 2, 1, SetIndex.MASK, SIZE_4K, SIZE_2M),
            part("dtlb", 1, DATA, 4, 1, SetIndex.MASK, SIZE_4K, SIZE_2M, SIZE_1G),
            part("stlb", 2, ALL, 8, 1, SetIndex.XOR, SIZE_4K, SIZE_2M, SIZE_1G)),
    UNIFIED_FIRST_LEVEL(
            part("tlb", 1, ALL, 12, 3, SetIndex.MASK, SIZE_4K, SIZE_1G),
            part("tlb", 1, ALL, 6, 6, SetIndex.MASK, SIZE_2M),
            part("l2i", 2, FETCH, 24, 8, SetIndex.MODULO, SIZE_4K),
            part("l2d", 2, DATA, 24, 4, SetIndex.MODULO, SIZE_2M, SIZE_4K)),
    FULLY_ASSOCIATIVE(
            part("tlb", 1, ALL, 20, 20, SetIndex.MASK, SIZE_4K, SIZE_2M, SIZE_1G),
            part("l2", 2, ALL, 72, 72, SetIndex.MASK, SIZE_4K, SIZE_2M, SIZE_1G)),
    A_STORE_FOR_EACH_SIZE(
            part("tlb", 1, ALL, 8, 4, SetIndex.MASK, SIZE_4K),
            part("tlb", 1, ALL, 4, 4, SetIndex.MASK, SIZE_2M, SIZE_1G),
            part("stlb", 2, ALL, 32, 8, SetIndex.XOR, SIZE_4K),
            part("stlb", 2, ALL, 16, 4, SetIndex.MASK, SIZE_2M),
            part("stlb", 2, ALL, 8, 8, SetIndex.MASK, SIZE_1G)),
    NO_SECOND_LEVEL(
            part("itlb", 1, FETCH, 3, 3, SetIndex.MASK, SIZE_4K),
            part("dtlb", 1, DATA, 12, 4, SetIndex.MODULO, SIZE_4K, SIZE_2M)),
    LARGE_PAGES_ON_LEVEL_2_ONLY(
            part("itlb", 1, FETCH, 8, 4, SetIndex.MASK, SIZE_4K),
            part("dtlb", 1, DATA, 8, 2, SetIndex.XOR, SIZE_4K),
            part("stlb", 2, ALL, 24, 6, SetIndex.MASK, SIZE_2M, SIZE_4K, SIZE_1G));

    private final List<TlbSpec.Part> parts;

    TlbShapes(TlbSpec.Part... parts) {
        this.parts = List.of(parts);
    }

    TlbSpec spec(boolean fractureFlush) {
        return new TlbSpec(parts, fractureFlush);
    }

    /** With that replacement wherever it is possible, and LRU elsewhere. */
    TlbSpec spec(boolean fractureFlush, Replacement replacement) {
        return new TlbSpec(parts.stream().map(p -> with(replacement, p)).toList(), fractureFlush);
    }

    private static TlbSpec.Part with(Replacement replacement, TlbSpec.Part p) {
        boolean possible = replacement != Replacement.TREE_PLRU || Integer.bitCount(p.ways()) == 1;
        return new TlbSpec.Part(
                p.name(),
                p.level(),
                p.holds(),
                p.pages(),
                p.entries(),
                p.ways(),
                p.setIndex(),
                p.hitCycles(),
                possible ? replacement : Replacement.LRU,
                p.entries() + 1);
    }

    static TlbSpec.Part part(
            String name, int level, TlbSpec.Holds holds, int entries, int ways, SetIndex setIndex, PageSize... pages) {
        int hitCycles = level == 1 ? 0 : 6 + pages.length;
        return new TlbSpec.Part(name, level, holds, Set.of(pages), entries, ways, setIndex, hitCycles);
    }
}
