package hvsim.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TlbStatsTest {
    private static final TlbStats SMALL = new TlbStats(1, 2, 3, 4, 5, 6, 7, 8);
    private static final TlbStats LARGE = new TlbStats(10, 200, 3000, 40_000, 500_000, 6_000_000, 70_000_000, 1L << 40);

    @Test
    void countsAreAddedAndSubtractedEachByItself() {
        assertEquals(
                new TlbStats(11, 202, 3003, 40_004, 500_005, 6_000_006, 70_000_007, (1L << 40) + 8), LARGE.plus(SMALL));
        assertEquals(
                new TlbStats(9, 198, 2997, 39_996, 499_995, 5_999_994, 69_999_993, (1L << 40) - 8), LARGE.minus(SMALL));
        assertEquals(TlbStats.ZERO, SMALL.minus(SMALL));
    }

    @Test
    void countsAreSavedAndLoaded() {
        AtomicReference<TlbStats> loaded = new AtomicReference<>(SMALL);
        Saved.copy(s -> TlbStats.transfer(LARGE, s), s -> loaded.set(TlbStats.transfer(loaded.get(), s)));
        assertEquals(LARGE, loaded.get());
    }
}
