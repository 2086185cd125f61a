package hvsim.multiqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void quantilesAreAtMostAThirtySecondAboveTheTruth() {
        SplittableRandom random = new SplittableRandom(1);
        for (int bits = 1; bits < 63; bits++) {
            LatencyHistogram histogram = new LatencyHistogram();
            long[] values = random.longs(999, 0, 1L << bits).toArray();
            Arrays.stream(values).forEach(histogram::add);
            Arrays.sort(values);
            for (int rank = 1; rank <= 999; rank += 83) {
                long exact = values[rank - 1];
                long found = histogram.quantileCycles((rank - 0.5) / 999);
                assertTrue(found >= exact && found - exact <= exact / 32 + 1, exact + " became " + found);
            }
            assertEquals(values[998], histogram.longestCycles());
        }
    }

    @Test
    void theLongestThereCanBeHasABucket() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.add(Long.MAX_VALUE);
        assertEquals(Long.MAX_VALUE, histogram.quantileCycles(0.5));
    }

    @Test
    void nothingHasNoQuantile() {
        assertEquals(0, new LatencyHistogram().quantileCycles(0.99));
    }
}
