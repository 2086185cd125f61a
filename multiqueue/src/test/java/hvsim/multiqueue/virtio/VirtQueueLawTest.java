package hvsim.multiqueue.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.RingFault;
import hvsim.multiqueue.bus.SavedState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random interleavings of a driver and a device: nothing is lost, doubled, changed or taken out of turn. */
class VirtQueueLawTest {
    private static final int STEPS = 60_000 / Integer.getInteger("hvsim.law.divisor", 1);
    private static final int TABLE_BYTES = 16 * 8;

    private record Buffer(long address, long length, boolean writable) {}

    private record Request(int id, List<Buffer> buffers) {}

    private record Taken(Request request, int slots) {}

    private record Done(int id, long written) {}

    private final Chain chain = new Chain();
    private final Deque<Request> added = new ArrayDeque<>();
    private final Deque<Request> published = new ArrayDeque<>();
    private final List<Taken> taken = new ArrayList<>();
    private final Deque<Done> done = new ArrayDeque<>();
    private SplittableRandom random;
    private QueuePair queue;
    private boolean deviceSleeps;
    private boolean driverSleeps;
    private long finished;
    private int nextTable;

    @ParameterizedTest
    @CsvSource({
        "SPLIT, 1, FLAGS",
        "SPLIT, 1, EVENT_INDEX",
        "SPLIT, 8, FLAGS",
        "SPLIT, 8, EVENT_INDEX",
        "SPLIT, 256, EVENT_INDEX",
        "PACKED, 1, FLAGS",
        "PACKED, 1, EVENT_INDEX",
        "PACKED, 7, FLAGS",
        "PACKED, 7, EVENT_INDEX",
        "PACKED, 256, EVENT_INDEX",
    })
    void nothingIsLostDoubledChangedOrTakenOutOfTurn(QueuePair.Format format, int size, NotificationMode mode) {
        queue = format.make(size, mode);
        random = new SplittableRandom(size + mode.ordinal());
        for (int i = 0; i < STEPS; i++) {
            step(random.nextInt(100));
            assertEquals(RingFault.NONE, queue.device().fault());
        }
        assertTrue(finished > STEPS / 50, "requests came through: " + finished);
    }

    /**
     * Each side sleeps when it has nothing to do, having asked to be woken and looked once more. If a notification were
     * lost, both would sleep with work in between.
     */
    @ParameterizedTest
    @CsvSource({
        "SPLIT, 2, FLAGS", "SPLIT, 2, EVENT_INDEX", "SPLIT, 16, EVENT_INDEX",
        "PACKED, 3, FLAGS", "PACKED, 3, EVENT_INDEX", "PACKED, 16, EVENT_INDEX",
    })
    void noWakeUpIsLost(QueuePair.Format format, int size, NotificationMode mode) {
        queue = format.make(size, mode);
        random = new SplittableRandom(size);
        for (int i = 0; i < STEPS; i++) {
            if (random.nextBoolean()) {
                driverTurn();
            } else {
                deviceTurn();
            }
            boolean work = !published.isEmpty() || !done.isEmpty() || !taken.isEmpty();
            assertFalse(deviceSleeps && driverSleeps && work, "both sleep with work in between");
        }
        assertTrue(finished > STEPS / 50, "requests came through: " + finished);
    }

    private void driverTurn() {
        if (driverSleeps) {
            return;
        }
        queue.driver().disableInterrupts();
        for (int n = random.nextInt(4); n > 0; n--) {
            add();
        }
        publish();
        for (int n = random.nextInt(6); n > 0; n--) {
            takeUsed();
        }
        boolean idle = done.isEmpty() && !(published.isEmpty() && taken.isEmpty());
        driverSleeps = idle && !queue.driver().enableInterrupts();
    }

    private void deviceTurn() {
        if (deviceSleeps) {
            return;
        }
        queue.device().disableNotifications();
        for (int n = random.nextInt(4); n > 0; n--) {
            take();
        }
        for (int n = random.nextInt(4); n > 0; n--) {
            giveBack();
        }
        driverSleeps &= !queue.device().wantsInterrupt();
        deviceSleeps = taken.isEmpty() && published.isEmpty() && !queue.device().enableNotifications();
    }

    private void step(int choice) {
        switch (choice / 10) {
            case 0, 1, 2 -> add();
            case 3 -> publish();
            case 4, 5 -> take();
            case 6, 7 -> giveBack();
            case 8 -> takeUsed();
            default -> rarely(choice % 10);
        }
    }

    private void rarely(int choice) {
        switch (choice) {
            case 0 -> assertEquals(!done.isEmpty(), queue.driver().enableInterrupts());
            case 1 -> queue.driver().disableInterrupts();
            case 2 -> assertEquals(!published.isEmpty(), queue.device().enableNotifications());
            case 3 -> queue.device().disableNotifications();
            case 4 -> queue.device().wantsInterrupt();
            case 5 -> saveAndLoad();
            default -> takeUsed();
        }
    }

    private void saveAndLoad() {
        SavedState.copy(queue.driver()::transfer, queue.otherDriver()::transfer);
        SavedState.copy(queue.device()::transfer, queue.otherDevice()::transfer);
        queue = new QueuePair(
                queue.memory(), queue.otherDriver(), queue.otherDevice(), queue.driver(), queue.device(), queue.end());
    }

    private void add() {
        List<Buffer> buffers = buffers(1 + random.nextInt(4));
        chain.clear();
        buffers.forEach(b -> chain.add(b.address(), b.length(), b.writable()));
        int id = random.nextInt(4) == 0
                ? queue.driver().addIndirect(chain, freeTable())
                : queue.driver().add(chain);
        if (id != VirtQueueDriver.FULL) {
            added.add(new Request(id, buffers));
        }
    }

    /** One that no request in flight uses: there are more than requests can be. */
    private long freeTable() {
        nextTable = (nextTable + 1) % 512;
        return 32_768 + (long) TABLE_BYTES * nextTable;
    }

    private List<Buffer> buffers(int count) {
        int readable = random.nextInt(count + 1);
        List<Buffer> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            result.add(new Buffer(random.nextInt(1 << 16), 1 + random.nextInt(4096), i >= readable));
        }
        return result;
    }

    private void publish() {
        boolean notified = queue.driver().publish();
        published.addAll(added);
        added.clear();
        deviceSleeps &= !notified;
    }

    private void take() {
        boolean some = queue.device().take(chain);
        assertEquals(!published.isEmpty(), some);
        if (some) {
            Request expected = published.remove();
            List<Buffer> found = new ArrayList<>();
            for (int i = 0; i < chain.count(); i++) {
                found.add(new Buffer(chain.address(i), chain.length(i), chain.isWritable(i)));
            }
            assertEquals(expected, new Request(chain.id(), found));
            taken.add(new Taken(expected, chain.slots()));
        }
    }

    private void giveBack() {
        if (!taken.isEmpty()) {
            Taken one = taken.remove(random.nextInt(taken.size()));
            long written = random.nextLong(1L << 32);
            queue.device().giveBack(one.request().id(), one.slots(), written);
            done.add(new Done(one.request().id(), written));
        }
    }

    private void takeUsed() {
        long used = queue.driver().takeUsed();
        if (done.isEmpty()) {
            assertEquals(VirtQueueDriver.NONE, used);
        } else {
            assertEquals(done.remove(), new Done((int) (used >>> 32), used & 0xFFFF_FFFFL));
            finished++;
        }
    }
}
