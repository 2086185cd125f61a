package hvsim.multiqueue.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.RingFault;
import hvsim.multiqueue.bus.SavedState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random interleavings of a driver and an adapter. */
class NicRingLawTest {
    private static final int STEPS = 60_000 / Integer.getInteger("hvsim.law.divisor", 1);
    private static final int BUFFER_BYTES = 2048;
    private static final int MEMORY = 1 << 16;

    private record Frame(long address, int length) {}

    private final ArrayMemory memory = new ArrayMemory(MEMORY);
    private final Chain chain = new Chain();
    private final SplittableRandom random = new SplittableRandom(1);

    @ParameterizedTest
    @ValueSource(ints = {8, 24, 64})
    void framesArriveOnceInOrderAndWhole(int entries) {
        NicLayout layout = new NicLayout(0, entries);
        NicReceiveDriver driver = new NicReceiveDriver(memory, layout);
        NicReceiveRing ring = new NicReceiveRing(memory, layout, BUFFER_BYTES);
        Deque<Long> posted = new ArrayDeque<>();
        Deque<Frame> arrived = new ArrayDeque<>();
        int finished = 0;
        for (int i = 0; i < STEPS; i++) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    long buffer = random.nextInt(16) * (long) BUFFER_BYTES;
                    assertEquals(posted.size() + arrived.size() < entries - 1, driver.free() > 0);
                    if (driver.post(buffer)) {
                        posted.add(buffer);
                        ring.setTail(driver.tail());
                    }
                }
                case 1 -> {
                    assertEquals(!posted.isEmpty(), ring.take(chain));
                    if (!posted.isEmpty()) {
                        int length = 64 + random.nextInt(1455);
                        assertEquals(posted.peek(), chain.address(0));
                        ring.giveBack(chain.id(), chain.slots(), length);
                        arrived.add(new Frame(posted.remove(), length));
                    }
                }
                default -> {
                    long buffer = arrived.isEmpty() ? -1 : driver.buffer();
                    int length = driver.takeFrame();
                    if (arrived.isEmpty()) {
                        assertEquals(NicReceiveDriver.NONE, length);
                    } else {
                        assertEquals(arrived.remove(), new Frame(buffer, length));
                        finished++;
                    }
                }
            }
        }
        assertTrue(finished > STEPS / 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 24, 64})
    void framesAreSentOnceInOrderAndWhole(int entries) {
        NicLayout layout = new NicLayout(0, entries);
        NicTransmitDriver driver = new NicTransmitDriver(memory, layout);
        NicTransmitRing ring = new NicTransmitRing(memory, layout);
        Deque<Chain> waiting = new ArrayDeque<>();
        Deque<Integer> inFlight = new ArrayDeque<>();
        Deque<Integer> slots = new ArrayDeque<>();
        int sent = 0;
        for (int i = 0; i < STEPS; i++) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    Chain frame = frame();
                    if (driver.send(frame)) {
                        waiting.add(frame);
                        ring.setTail(driver.tail());
                    }
                }
                case 1 -> {
                    assertEquals(!waiting.isEmpty(), ring.take(chain));
                    if (!waiting.isEmpty()) {
                        same(waiting.remove());
                        inFlight.add(chain.id());
                        slots.add(chain.slots());
                    }
                }
                case 2 -> {
                    if (!inFlight.isEmpty()) {
                        ring.giveBack(inFlight.remove(), slots.remove(), 0);
                        assertTrue(ring.wantsInterrupt());
                        sent++;
                    }
                }
                case 3 -> {
                    boolean some = sent > 0;
                    assertEquals(some, driver.takeSent());
                    sent -= some ? 1 : 0;
                }
                default -> {
                    NicTransmitDriver otherDriver = new NicTransmitDriver(memory, layout);
                    NicTransmitRing otherRing = new NicTransmitRing(memory, layout);
                    SavedState.copy(driver::transfer, otherDriver::transfer);
                    SavedState.copy(ring::transfer, otherRing::transfer);
                    driver = otherDriver;
                    ring = otherRing;
                }
            }
        }
    }

    private Chain frame() {
        Chain frame = new Chain();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            frame.read(random.nextInt(MEMORY / 2), 1 + random.nextInt(1500));
        }
        return frame;
    }

    private void same(Chain expected) {
        assertEquals(expected.count(), chain.count());
        assertEquals(expected.bytes(), chain.bytes());
        for (int i = 0; i < expected.count(); i++) {
            assertEquals(expected.address(i), chain.address(i));
        }
    }

    @Test
    void aFrameWithoutAnEndIsWaitedFor() {
        NicTransmitRing ring = new NicTransmitRing(memory, new NicLayout(0, 8));
        memory.write64(8, 100);
        ring.setTail(1);
        assertFalse(ring.take(chain));
        memory.write64(8 + 16, 100 | 1L << 24);
        ring.setTail(2);
        assertTrue(ring.take(chain));
        assertEquals(2, chain.slots());
    }

    @Test
    void aDescriptorThatAsksForNoReportGetsNone() {
        NicTransmitRing ring = new NicTransmitRing(memory, new NicLayout(0, 8));
        memory.write64(8, 100 | 1L << 24);
        ring.setTail(1);
        assertTrue(ring.take(chain));
        ring.giveBack(0, 1, 0);
        assertFalse(ring.wantsInterrupt());
        assertEquals(0, memory.read8(12));
        assertEquals(1, ring.head());
    }

    @Test
    void whatIsOutOfReachStopsTheRing() {
        NicReceiveRing ring = new NicReceiveRing(memory, new NicLayout(0, 8), BUFFER_BYTES);
        memory.write64(0, MEMORY - BUFFER_BYTES + 1);
        ring.setTail(1);
        assertFalse(ring.take(chain));
        assertEquals(RingFault.BUFFER_OUT_OF_REACH, ring.fault());
    }

    @Test
    void aTailBehindTheRingStopsIt() {
        NicReceiveRing ring = new NicReceiveRing(memory, new NicLayout(0, 8), BUFFER_BYTES);
        ring.setTail(8);
        assertEquals(RingFault.BAD_DOORBELL, ring.fault());
        assertFalse(ring.take(chain));
    }

    @Test
    void aRingThatIsTakenOutOfReachStops() {
        NicReceiveRing ring = new NicReceiveRing(memory, new NicLayout(MEMORY - 64, 8), BUFFER_BYTES);
        ring.setTail(1);
        assertFalse(ring.take(chain));
        assertEquals(RingFault.RING_OUT_OF_REACH, ring.fault());
    }

    @Test
    void ringsHaveTheSizesOfTheManual() {
        assertThrows(IllegalArgumentException.class, () -> new NicLayout(0, 12));
        assertThrows(IllegalArgumentException.class, () -> new NicLayout(8, 16));
        assertThrows(IllegalArgumentException.class, () -> new NicLayout(0, 65536));
    }
}
