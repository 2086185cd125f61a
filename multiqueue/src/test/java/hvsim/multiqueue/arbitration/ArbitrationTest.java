package hvsim.multiqueue.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.bus.SavedState;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArbitrationTest {
    @Test
    void roundRobinGivesEachItsTurn() {
        assertEquals("0123012301", turns(Arbiter.equal(4, 1), ready(4, 0, 1, 2, 3), 10));
        assertEquals("1313", turns(Arbiter.equal(4, 1), ready(4, 1, 3), 4));
        assertEquals("2222", turns(Arbiter.equal(4, 1), ready(4, 2), 4));
    }

    @Test
    void aBurstServesSeveralInARow() {
        assertEquals("000111000", turns(Arbiter.equal(2, 3), ready(2, 0, 1), 9));
    }

    @Test
    void weightsAreSharesOfABusyDevice() {
        int[] weights = {4, 2, 1};
        String turns = turns(new Arbiter(weights), ready(3, 0, 1, 2), 700);
        for (int queue = 0; queue < 3; queue++) {
            int own = '0' + queue;
            assertEquals(
                    100L * weights[queue], turns.chars().filter(c -> c == own).count());
        }
    }

    @Test
    void nobodyReadyMeansNobodyServed() {
        assertEquals(-1, Arbiter.equal(4, 1).next(new ReadyQueues(4)));
        assertThrows(IllegalArgumentException.class, () -> new Arbiter(new int[] {1, 0}));
    }

    @Test
    void aQueueThatStaysReadyWaitsForNoMoreThanTheOthersWeights() {
        SplittableRandom random = new SplittableRandom(1);
        int[] weights = random.ints(100, 1, 9).toArray();
        Arbiter arbiter = new Arbiter(weights);
        ReadyQueues ready = ready(100, 42);
        int waited = 0;
        for (int i = 0; i < 50_000; i++) {
            int other = random.nextInt(100);
            if (random.nextBoolean()) {
                ready.set(other);
            } else if (other != 42) {
                ready.clear(other);
            }
            int served = arbiter.next(ready);
            assertTrue(ready.has(served));
            waited = served == 42 ? 0 : waited + 1;
            assertTrue(waited <= 99 * 8, "waited for " + waited);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 200})
    void readyQueuesAreFoundAsInASortedSet(int queues) {
        SplittableRandom random = new SplittableRandom(queues);
        ReadyQueues ready = new ReadyQueues(queues);
        TreeSet<Integer> naive = new TreeSet<>();
        for (int i = 0; i < 20_000; i++) {
            int queue = random.nextInt(queues);
            if (random.nextInt(8) == 0) {
                ready.set(queue);
                naive.add(queue);
            } else {
                ready.clear(queue);
                naive.remove(queue);
            }
            int from = random.nextInt(queues);
            Integer next = naive.ceiling(from);
            int around = naive.isEmpty() ? -1 : naive.first();
            assertEquals(next == null ? around : next, ready.nextFrom(from));
        }
    }

    @Test
    void aTurnIsSavedInTheMiddleOfABurst() {
        Arbiter arbiter = Arbiter.equal(2, 3);
        turns(arbiter, ready(2, 0, 1), 4);
        Arbiter other = Arbiter.equal(2, 3);
        SavedState.copy(arbiter::transfer, other::transfer);
        assertEquals("11000", turns(other, ready(2, 0, 1), 5));
    }

    private static ReadyQueues ready(int queues, int... set) {
        ReadyQueues ready = new ReadyQueues(queues);
        for (int queue : set) {
            ready.set(queue);
        }
        return ready;
    }

    private static String turns(Arbiter arbiter, ReadyQueues ready, int count) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < count; i++) {
            result.append(arbiter.next(ready));
        }
        return result.toString();
    }
}
