package hvsim.multiqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CycleQueueTest {
    @Test
    void whatWasPutInFirstIsTakenFirst() {
        Random random = new Random(1);
        CycleQueue queue = new CycleQueue();
        ArrayDeque<Long> oracle = new ArrayDeque<>();
        for (long cycle = 0; cycle < 20_000; cycle++) {
            if (random.nextInt(5) < 3) {
                queue.add(cycle);
                oracle.add(cycle);
            } else if (!oracle.isEmpty()) {
                assertEquals(oracle.remove(), queue.take());
            }
        }
        while (!oracle.isEmpty()) {
            assertEquals(oracle.remove(), queue.take());
        }
        assertThrows(IllegalStateException.class, queue::take);
    }

    @Test
    void itKeepsAsManyAsTheLongestRingHas() {
        CycleQueue queue = new CycleQueue();
        for (int cycle = 0; cycle < (1 << 16) + 5; cycle++) {
            queue.add(cycle);
        }
        assertEquals(5, queue.take());
    }
}
