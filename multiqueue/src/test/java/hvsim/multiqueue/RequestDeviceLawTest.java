package hvsim.multiqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.arbitration.Arbiter;
import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.bus.RingFault;
import hvsim.multiqueue.bus.SavedState;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.multiqueue.service.ExponentialTime;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.service.ServiceStation;
import hvsim.multiqueue.service.StationSpec;
import hvsim.multiqueue.virtio.NotificationMode;
import hvsim.multiqueue.virtio.PackedDevice;
import hvsim.multiqueue.virtio.PackedDriver;
import hvsim.multiqueue.virtio.PackedLayout;
import hvsim.multiqueue.virtio.SplitDevice;
import hvsim.multiqueue.virtio.SplitDriver;
import hvsim.multiqueue.virtio.SplitLayout;
import hvsim.multiqueue.virtio.VirtQueueDriver;
import hvsim.tlb.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drivers that sleep between doorbells and interrupts, on a device with queues of both formats. */
class RequestDeviceLawTest {
    private static final int QUEUES = 4;
    private static final int SIZE = 16;
    private static final int STEPS = 20_000 / Integer.getInteger("hvsim.law.divisor", 1);

    /** A machine of drivers and one device. */
    private static final class World {
        private final ArrayMemory memory = new ArrayMemory(1 << 16);
        private final List<VirtQueueDriver> drivers = new ArrayList<>();
        private final List<DeviceRing> rings = new ArrayList<>();
        private final RequestDevice device;
        private final Chain chain = new Chain();
        private final long[] submitted = new long[QUEUES];
        private final long[] finished = new long[QUEUES];
        private SplittableRandom random;
        private long now;

        World(NotificationMode mode, ModerationSpec moderation) {
            for (int i = 0; i < QUEUES; i++) {
                addQueue(i, 4096L * i, mode);
            }
            StationSpec spec = new StationSpec(3, 8, new ExponentialTime(500));
            ServiceStation backEnd = new ServiceStation(spec, new RandomStream(5), null);
            device = new RequestDevice(rings, new Arbiter(new int[] {3, 1, 2, 1}), backEnd, moderation);
        }

        private void addQueue(int i, long at, NotificationMode mode) {
            if (i % 2 == 0) {
                SplitLayout layout = SplitLayout.at(at, SIZE);
                drivers.add(new SplitDriver(memory, layout, mode));
                rings.add(new SplitDevice(memory, layout, mode));
            } else {
                PackedLayout layout = PackedLayout.at(at, SIZE);
                drivers.add(new PackedDriver(memory, layout, mode));
                rings.add(new PackedDevice(memory, layout, mode));
            }
        }

        void step() {
            now += random.nextInt(400);
            device.advanceTo(now);
            for (int q = device.pollInterrupt(); q >= 0; q = device.pollInterrupt()) {
                reap(q);
            }
            submit(random.nextInt(QUEUES), random.nextInt(3));
        }

        void submit(int queue, int count) {
            VirtQueueDriver driver = drivers.get(queue);
            for (int i = 0; i < count; i++) {
                if (driver.add(chain.clear().write(0x8000, 512)) != VirtQueueDriver.FULL) {
                    submitted[queue]++;
                }
            }
            if (driver.publish()) {
                device.doorbell(queue, now);
            }
        }

        /** NAPI-like: takes all, asks for an interrupt, looks once more. */
        void reap(int queue) {
            VirtQueueDriver driver = drivers.get(queue);
            do {
                while (driver.takeUsed() != VirtQueueDriver.NONE) {
                    finished[queue]++;
                }
            } while (driver.enableInterrupts());
        }

        void drain() {
            while (device.nextEventCycle() != MultiQueueDevice.NEVER) {
                now = device.nextEventCycle();
                device.advanceTo(now);
                for (int q = device.pollInterrupt(); q >= 0; q = device.pollInterrupt()) {
                    reap(q);
                }
            }
        }

        void transfer(Snapshot snapshot) {
            drivers.forEach(d -> d.transfer(snapshot));
            rings.forEach(r -> r.transfer(snapshot));
            device.transfer(snapshot);
            now = snapshot.transfer(now);
            snapshot.transfer(submitted);
            snapshot.transfer(finished);
            for (int at = 0; at < 1 << 16; at += 8) {
                memory.write64(at, snapshot.transfer(memory.read64(at)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FLAGS, 1, 0", "EVENT_INDEX, 1, 0", "FLAGS, 8, 3000", "EVENT_INDEX, 8, 3000"})
    void allThatIsAskedForIsDoneThoughBothSidesSleep(NotificationMode mode, int count, long time) {
        World world = world(mode, new ModerationSpec(count, time), 1);
        for (int i = 0; i < STEPS; i++) {
            world.step();
        }
        world.drain();
        for (int queue = 0; queue < QUEUES; queue++) {
            QueueStats stats = world.device.stats(queue);
            assertTrue(stats.operations() > STEPS / 10);
            assertEquals(world.submitted[queue], stats.operations());
            assertEquals(world.submitted[queue], world.finished[queue]);
            assertEquals(512 * stats.operations(), stats.bytes());
            assertEquals(stats.operations(), world.device.latencies(queue).count());
            assertTrue(stats.interrupts() + stats.suppressed() <= stats.operations());
        }
    }

    @Test
    void moderationAndMoreWorkMeanFewerInterrupts() {
        World eager = world(NotificationMode.EVENT_INDEX, ModerationSpec.OFF, 1);
        World patient = world(NotificationMode.EVENT_INDEX, new ModerationSpec(8, 3000), 1);
        for (int i = 0; i < STEPS; i++) {
            eager.step();
            patient.step();
        }
        assertTrue(
                2 * patient.device.stats(0).interrupts() < eager.device.stats(0).interrupts());
    }

    @Test
    void runNThenSaveAndLoadThenRunMIsRunNPlusM() {
        World straight = world(NotificationMode.EVENT_INDEX, new ModerationSpec(4, 900), 1);
        for (int i = 0; i < 500; i++) {
            straight.step();
        }
        World loaded = world(NotificationMode.EVENT_INDEX, new ModerationSpec(4, 900), 1);
        SavedState.copy(straight::transfer, loaded::transfer);
        straight.random = new SplittableRandom(9);
        loaded.random = new SplittableRandom(9);
        for (int i = 0; i < 500; i++) {
            straight.step();
            loaded.step();
            assertEquals(straight.device.nextEventCycle(), loaded.device.nextEventCycle());
        }
        for (int queue = 0; queue < QUEUES; queue++) {
            assertEquals(straight.device.stats(queue), loaded.device.stats(queue));
        }
    }

    @Test
    void aHostileRingStopsItselfAndNobodyElse() {
        World world = world(NotificationMode.EVENT_INDEX, ModerationSpec.OFF, 1);
        world.memory.write16(8192 + 16 * SIZE + 2, 999);
        world.device.doorbell(2, 0);
        assertEquals(RingFault.INDEX_JUMP, world.device.fault(2));
        for (int i = 0; i < 1000; i++) {
            world.submit(i % 2, 1);
            world.now += 300;
            world.drain();
        }
        assertEquals(0, world.device.stats(2).operations());
        assertEquals(500, world.device.stats(0).operations());
        assertEquals(500, world.device.stats(1).operations());
        assertEquals(RingFault.NONE, world.device.fault(0));
    }

    private static World world(NotificationMode mode, ModerationSpec moderation, long seed) {
        World world = new World(mode, moderation);
        world.random = new SplittableRandom(seed);
        return world;
    }
}
