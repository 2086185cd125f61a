package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PageWalkersTest {
    @Test
    void aSecondWalkWaitsForTheOnlyWalker() {
        PageWalkers walkers = new PageWalkers(new WalkOverlap(1, WalkOverlap.WHOLE / 2));
        assertEquals(0, walkers.begin(1000, 100));
        assertEquals(50, walkers.stall(100));
        assertEquals(50, walkers.begin(1050, 100));
        assertEquals(50, walkers.waitCycles());
    }

    @Test
    void aSecondWalkerTakesIt() {
        PageWalkers walkers = new PageWalkers(new WalkOverlap(2, WalkOverlap.WHOLE / 2));
        walkers.begin(1000, 100);
        assertEquals(0, walkers.begin(1050, 100));
        assertEquals(40, walkers.begin(1060, 100));
    }

    @Test
    void roundSharesOfWalksAreExact() {
        assertEquals(70, new PageWalkers(new WalkOverlap(1, 19_661)).stall(100));
        assertEquals(0, new PageWalkers(new WalkOverlap(1, WalkOverlap.WHOLE)).stall(100));
        assertFalse(new PageWalkers(WalkOverlap.NONE).overlap());
    }

    @Test
    void sharesBeyondTheWholeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new WalkOverlap(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new WalkOverlap(1, -1));
        assertThrows(IllegalArgumentException.class, () -> new WalkOverlap(1, WalkOverlap.WHOLE + 1));
    }

    /** Against a list of walks with their ends: one begins when fewer than all walkers are at work. */
    @Test
    void atMostSoManyWalksAreUnderWay() {
        for (int seed = 0; seed < 10; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int count = 1 + random.nextInt(4);
            PageWalkers walkers = new PageWalkers(new WalkOverlap(count, WalkOverlap.WHOLE));
            List<Long> ends = new ArrayList<>();
            long now = 0;
            for (int i = 0; i < 100; i++) {
                now += random.nextInt(80);
                long cycles = random.nextLong(1, 101);
                long start = now;
                while (true) {
                    long at = start;
                    if (ends.stream().filter(end -> end > at).count() < count) {
                        break;
                    }
                    start++;
                }
                ends.add(start + cycles);
                assertEquals(start - now, walkers.begin(now, cycles));
            }
        }
    }
}
