package hvsim.multiqueue.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExponentialTest {
    private static final int DRAWS = 2_000_000;

    /** Among them the edge of the tail, 7.697, and values within the narrowest strips. */
    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.06, 0.1, 0.5, 1, 2, 4, 7, 7.697_117_470_131_05, 9})
    void aShareOfExpOfMinusXIsGreater(double x) {
        RandomStream random = new RandomStream(17);
        int greater = 0;
        for (int i = 0; i < DRAWS; i++) {
            greater += Exponential.draw(random) > x ? 1 : 0;
        }
        double share = StrictMath.exp(-x);
        double deviation = Math.sqrt(share * (1 - share) / DRAWS);
        assertEquals(share, (double) greater / DRAWS, 4 * deviation);
    }

    @Test
    void meanAndVarianceAreOne() {
        RandomStream random = new RandomStream(5);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < DRAWS; i++) {
            double x = Exponential.draw(random);
            assertTrue(x >= 0);
            sum += x;
            squares += x * x;
        }
        assertEquals(1, sum / DRAWS, 4 / Math.sqrt(DRAWS));
        assertEquals(2, squares / DRAWS, 4 * Math.sqrt(20.0 / DRAWS));
    }
}
