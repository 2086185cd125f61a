package hvsim.multiqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.arrival.ArrivalProcess;
import hvsim.multiqueue.arrival.ClosedLoop;
import hvsim.multiqueue.arrival.PoissonArrivals;
import hvsim.multiqueue.arrival.RegularArrivals;
import hvsim.multiqueue.arrival.SyntheticFrames;
import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.RingFault;
import hvsim.multiqueue.bus.SavedState;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.multiqueue.nic.NicLayout;
import hvsim.multiqueue.nic.NicReceiveDriver;
import hvsim.multiqueue.nic.NicReceiveRing;
import hvsim.multiqueue.service.ConstantTime;
import hvsim.multiqueue.service.LineRate;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.steering.AddressSteering;
import hvsim.multiqueue.steering.AddressSteering.Address;
import hvsim.multiqueue.steering.Flow;
import hvsim.multiqueue.steering.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameReceiverTest {
    private static final long CLOCK = 2_000_000_000L;
    private static final long MILLISECOND = 2_000_000;
    private static final NicLayout FIRST = new NicLayout(0, 64);
    private static final NicLayout SECOND = new NicLayout(4096, 64);
    private static final Frame SHORT = new Frame(60, 1, 0, Flow.NONE);
    private static final Frame OTHER = new Frame(60, 2, 0, Flow.NONE);
    private static final Frame STRANGER = new Frame(60, 3, 0, Flow.NONE);
    private static final Frame LONG = new Frame(4000, 1, 0, Flow.NONE);

    private final ArrayMemory memory = new ArrayMemory(1 << 16);
    private final List<NicReceiveRing> rings = new ArrayList<>();
    private final List<NicReceiveDriver> drivers = new ArrayList<>();

    private FrameReceiver receiver(ArrivalProcess arrivals, List<Frame> frames) {
        rings.clear();
        drivers.clear();
        for (NicLayout layout : List.of(FIRST, SECOND)) {
            rings.add(new NicReceiveRing(memory, layout, 2048));
            drivers.add(new NicReceiveDriver(memory, layout));
        }
        return new FrameReceiver(
                new SyntheticFrames(arrivals, frames, new RandomStream(7)),
                LineRate.ethernet(10_000_000_000L, CLOCK),
                MILLISECOND,
                AddressSteering.dropping(Map.of(new Address(1, 0), f -> 0, new Address(2, 0), f -> 1)),
                List.copyOf(rings),
                ModerationSpec.OFF);
    }

    /** Takes what came and posts as many buffers as fit; how many frames that were. */
    private int refill(int queue) {
        NicReceiveDriver driver = drivers.get(queue);
        int frames = 0;
        while (driver.takeFrame() != NicReceiveDriver.NONE) {
            frames++;
        }
        while (driver.post(0x4000)) {
            rings.get(queue).setTail(driver.tail());
        }
        return frames;
    }

    /** Runs for some time, with both drivers at every frame. */
    private int run(FrameReceiver receiver, long until) {
        int frames = refill(0) + refill(1);
        while (receiver.nextEventCycle() <= until) {
            receiver.advanceTo(receiver.nextEventCycle());
            frames += refill(0) + refill(1);
        }
        return frames;
    }

    @Test
    void tenGigabitAreFourteenPointEightMillionShortestFrames() {
        FrameReceiver receiver = receiver(new RegularArrivals(1), List.of(SHORT));
        int frames = run(receiver, 10 * MILLISECOND);
        near(148_809, frames, 1);
        assertTrue(receiver.lineDrops() > 0);
    }

    @Test
    void everyFrameIsDeliveredDroppedOrForNobody() {
        FrameReceiver receiver = receiver(new RegularArrivals(2500), List.of(SHORT, OTHER, STRANGER, LONG));
        int frames = run(receiver, 10 * MILLISECOND);
        QueueStats first = receiver.stats(0);
        QueueStats second = receiver.stats(1);
        long all = first.operations() + first.drops() + second.operations() + receiver.forNobody();
        near(8_000, all + receiver.lineDrops(), 5);
        assertEquals(frames, first.operations() + first.drops() + second.operations());
        near(2_000, first.drops(), 150);
        near(2_000, receiver.forNobody(), 150);
        assertEquals(60 * second.operations(), second.bytes());
    }

    @Test
    void withoutBuffersFramesAreDroppedAndOthersAreNot() {
        FrameReceiver receiver = receiver(new RegularArrivals(500), List.of(SHORT, OTHER));
        refill(0);
        while (receiver.nextEventCycle() <= MILLISECOND) {
            receiver.advanceTo(receiver.nextEventCycle());
            refill(0);
        }
        assertEquals(0, receiver.stats(1).operations());
        assertTrue(receiver.stats(1).drops() > 1000);
        assertEquals(0, receiver.stats(0).drops());
    }

    @Test
    void aRingWithBuffersOfOthersStopsAlone() {
        FrameReceiver receiver = receiver(new RegularArrivals(500), List.of(SHORT, OTHER));
        drivers.get(1).post(1L << 40);
        rings.get(1).setTail(1);
        refill(0);
        while (receiver.nextEventCycle() <= MILLISECOND) {
            receiver.advanceTo(receiver.nextEventCycle());
            refill(0);
        }
        assertEquals(RingFault.BUFFER_OUT_OF_REACH, receiver.fault(1));
        assertEquals(RingFault.NONE, receiver.fault(0));
        assertEquals(0, receiver.stats(0).drops());
    }

    @Test
    void aClosedLoopHasNoMoreOutstandingThanItSays() {
        ClosedLoop loop = new ClosedLoop(1, new ConstantTime(1000), new RandomStream(1));
        FrameReceiver receiver = receiver(loop, List.of(SHORT));
        int frames = run(receiver, MILLISECOND);
        near(MILLISECOND / (1000 + 134), frames, 2);
    }

    @Test
    void latencyIsTheLineAndWhatWaitsForIt() {
        FrameReceiver receiver = receiver(new RegularArrivals(1000), List.of(SHORT));
        run(receiver, MILLISECOND);
        near(135, receiver.latencies(0).longestCycles(), 1);
    }

    @Test
    void aReceiverGoesOnWhereItWasSaved() {
        FrameReceiver straight = receiver(new PoissonArrivals(300, new RandomStream(3)), List.of(SHORT, OTHER));
        run(straight, MILLISECOND);
        FrameReceiver loaded = receiver(new PoissonArrivals(300, new RandomStream(3)), List.of(SHORT, OTHER));
        SavedState.copy(straight::transfer, loaded::transfer);
        for (int i = 0; i < 1000; i++) {
            assertEquals(straight.nextEventCycle(), loaded.nextEventCycle());
            long next = straight.nextEventCycle();
            straight.advanceTo(next);
            loaded.advanceTo(next);
        }
    }

    @Test
    void aMaskedQueueInterruptsOnceWhenItIsUnmasked() {
        FrameReceiver receiver = receiver(new RegularArrivals(500), List.of(SHORT));
        receiver.mask(0);
        run(receiver, MILLISECOND);
        assertEquals(MultiQueueDevice.NO_INTERRUPT, receiver.pollInterrupt());
        assertEquals(0, receiver.stats(0).interrupts());
        receiver.unmask(0);
        assertEquals(0, receiver.pollInterrupt());
        assertEquals(1, receiver.stats(0).interrupts());
    }

    private static void near(long expected, long found, long within) {
        assertTrue(Math.abs(expected - found) <= within, () -> found + " is not near " + expected);
    }
}
