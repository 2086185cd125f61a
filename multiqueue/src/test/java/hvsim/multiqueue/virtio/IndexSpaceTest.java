package hvsim.multiqueue.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.bus.Chain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queues that go through all values of their indices, and more than once, with each rule of suppression at each. */
class IndexSpaceTest {
    private static final int LAPS_OF_THE_SPACE = 70_000;

    private final Chain chain = new Chain();

    @ParameterizedTest
    @CsvSource({"SPLIT, 1", "SPLIT, 4", "SPLIT, 8", "PACKED, 1", "PACKED, 3", "PACKED, 8"})
    void aNotificationComesWhenTheRequestAskedForIsAmongThoseMadeAvailable(QueuePair.Format format, int size) {
        QueuePair queue = format.make(size, NotificationMode.EVENT_INDEX);
        for (int index = 0, i = 0; index < LAPS_OF_THE_SPACE; i++) {
            boolean asked = i % 3 != 1;
            if (asked) {
                queue.device().enableNotifications();
            } else {
                queue.device().disableNotifications();
            }
            int first = 1 + i % size;
            assertEquals(asked, add(queue, first), () -> "at the first publish");
            int second = (i / size) % (size - first + 1);
            assertEquals(false, add(queue, second), () -> "once passed, an event is quiet");
            index += first + second;
            drain(queue, first + second);
        }
    }

    @ParameterizedTest
    @CsvSource({"SPLIT, 1", "SPLIT, 4", "SPLIT, 8", "PACKED, 1", "PACKED, 3", "PACKED, 8"})
    void anInterruptComesWhenTheRequestAskedForIsAmongThoseGivenBack(QueuePair.Format format, int size) {
        QueuePair queue = format.make(size, NotificationMode.EVENT_INDEX);
        for (int index = 0, i = 0; index < LAPS_OF_THE_SPACE; i++) {
            boolean asked = i % 3 != 1;
            if (asked) {
                queue.driver().enableInterrupts();
            } else {
                queue.driver().disableInterrupts();
            }
            int count = 1 + i % size;
            add(queue, count);
            int first = 1 + i % count;
            assertEquals(asked, giveBack(queue, first));
            assertEquals(false, giveBack(queue, count - first));
            takeUsed(queue, count);
            index += count;
        }
    }

    @ParameterizedTest
    @CsvSource({"SPLIT, 4", "PACKED, 3"})
    void flagsHoldWhateverTheIndex(QueuePair.Format format, int size) {
        QueuePair queue = format.make(size, NotificationMode.FLAGS);
        for (int index = 0, i = 0; index < LAPS_OF_THE_SPACE; i++) {
            if (i % 2 == 0) {
                queue.device().enableNotifications();
                queue.driver().disableInterrupts();
            } else {
                queue.device().disableNotifications();
                queue.driver().enableInterrupts();
            }
            int count = 1 + i % size;
            assertEquals(i % 2 == 0, add(queue, count));
            assertEquals(i % 2 != 0, giveBack(queue, count));
            takeUsed(queue, count);
            index += count;
        }
    }

    private boolean add(QueuePair queue, int count) {
        for (int i = 0; i < count; i++) {
            assertTrue(queue.driver().add(chain.clear().read(queue.end(), 8)) >= 0);
        }
        return queue.driver().publish();
    }

    private boolean giveBack(QueuePair queue, int count) {
        for (int i = 0; i < count; i++) {
            assertTrue(queue.device().take(chain));
            queue.device().giveBack(chain.id(), chain.slots(), 0);
        }
        return queue.device().wantsInterrupt();
    }

    private static void takeUsed(QueuePair queue, int count) {
        for (int i = 0; i < count; i++) {
            assertTrue(queue.driver().takeUsed() != VirtQueueDriver.NONE);
        }
        assertEquals(VirtQueueDriver.NONE, queue.driver().takeUsed());
    }

    private void drain(QueuePair queue, int count) {
        giveBack(queue, count);
        takeUsed(queue, count);
    }
}
