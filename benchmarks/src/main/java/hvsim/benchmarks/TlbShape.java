package hvsim.benchmarks;

import hvsim.tlb.SetIndex;
import hvsim.tlb.TlbSpec;

/** From the geometry of {@code reftlb} to that of the preset skylake-sp, to see what each difference costs. */
public enum TlbShape {
    PLAIN(SetIndex.MASK, false),
    XOR(SetIndex.XOR, false),
    LARGE_PAGES(SetIndex.MASK, true),
    SKYLAKE(SetIndex.XOR, true);

    private final SetIndex secondLevel;
    private final boolean largePages;

    TlbShape(SetIndex secondLevel, boolean largePages) {
        this.secondLevel = secondLevel;
        this.largePages = largePages;
    }

    TlbSpec spec() {
        return Shapes.tlb(secondLevel, largePages);
    }
}
