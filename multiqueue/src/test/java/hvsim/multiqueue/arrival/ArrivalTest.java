package hvsim.multiqueue.arrival;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hvsim.multiqueue.bus.SavedState;
import hvsim.multiqueue.service.ConstantTime;
import hvsim.multiqueue.service.ExponentialTime;
import hvsim.multiqueue.service.RandomStream;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ArrivalTest {
    private static final int MANY = 400_000;

    @Test
    void regularArrivalsKeepTheirRateWhateverTheFraction() {
        RegularArrivals arrivals = new RegularArrivals(2.25);
        assertEquals(2, arrivals.nextCycle());
        assertEquals((long) (2.25 * (MANY + 1)), after(arrivals, MANY));
    }

    @Test
    void poissonArrivalsHaveTheirRateAndItsVariance() {
        PoissonArrivals arrivals = new PoissonArrivals(123.4, new RandomStream(1));
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < MANY; i++) {
            long before = arrivals.nextCycle();
            arrivals.arrived();
            long gap = arrivals.nextCycle() - before;
            sum += gap;
            squares += (double) gap * gap;
        }
        double mean = sum / MANY;
        assertEquals(123.4, mean, 123.4 * 0.01);
        assertEquals(mean * mean, squares / MANY - mean * mean, mean * mean * 0.03);
    }

    @Test
    void burstsHaveTheirMeanRateAndGapsThatAreSilences() {
        BurstArrivals arrivals = new BurstArrivals(10, 1000, 3000, new RandomStream(1));
        long silences = 0;
        for (int i = 0; i < MANY; i++) {
            long before = arrivals.nextCycle();
            arrivals.arrived();
            silences += arrivals.nextCycle() - before > 300 ? 1 : 0;
        }
        assertEquals(40.0, (double) arrivals.nextCycle() / MANY, 2);
        assertEquals(MANY / 100.0 * Math.exp(-0.1), (double) silences, 250);
    }

    /** One client: a round is a thought and a service, exactly. */
    @Test
    void aClosedLoopWaitsForWhatItAskedFor() {
        ClosedLoop loop = new ClosedLoop(1, new ConstantTime(70), new RandomStream(1));
        for (int i = 0; i < 10; i++) {
            assertEquals(70 + i * 100L, loop.nextCycle());
            loop.arrived();
            assertEquals(ArrivalProcess.NEVER, loop.nextCycle());
            loop.done(100 * (i + 1L));
        }
        assertThrows(IllegalStateException.class, () -> loop.done(5));
    }

    @Test
    void everyProcessGoesOnWhereItWasSaved() {
        goesOn(() -> new PoissonArrivals(50, new RandomStream(3)));
        goesOn(() -> new RegularArrivals(3.3));
        goesOn(() -> new BurstArrivals(10, 100, 300, new RandomStream(3)));
        goesOn(() -> new ClosedLoop(8, new ExponentialTime(40), new RandomStream(3)));
    }

    private static void goesOn(Supplier<ArrivalProcess> make) {
        ArrivalProcess straight = make.get();
        after(straight, 100);
        ArrivalProcess loaded = make.get();
        SavedState.copy(straight::transfer, loaded::transfer);
        assertEquals(after(straight, 100), after(loaded, 100));
    }

    /** Each is done 7 cycles after it came. */
    private static long after(ArrivalProcess arrivals, int count) {
        for (int i = 0; i < count; i++) {
            long cycle = arrivals.nextCycle();
            arrivals.arrived();
            if (arrivals instanceof ClosedLoop) {
                arrivals.done(cycle + 7);
            }
        }
        return arrivals.nextCycle();
    }

    @Test
    void meansAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new RegularArrivals(0));
        assertThrows(IllegalArgumentException.class, () -> new PoissonArrivals(Double.NaN, new RandomStream(1)));
        assertThrows(IllegalArgumentException.class, () -> new ClosedLoop(0, new ConstantTime(1), new RandomStream(1)));
    }
}
