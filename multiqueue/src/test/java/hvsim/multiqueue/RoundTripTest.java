package hvsim.multiqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.arbitration.Arbiter;
import hvsim.multiqueue.arrival.RegularArrivals;
import hvsim.multiqueue.arrival.SyntheticFrames;
import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.CountingRegisters;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.multiqueue.service.ConstantTime;
import hvsim.multiqueue.service.LineRate;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.service.ServiceStation;
import hvsim.multiqueue.service.StationSpec;
import hvsim.multiqueue.steering.Flow;
import hvsim.multiqueue.steering.Frame;
import hvsim.multiqueue.virtio.NotificationMode;
import hvsim.multiqueue.virtio.SplitDevice;
import hvsim.multiqueue.virtio.SplitDriver;
import hvsim.multiqueue.virtio.SplitLayout;
import hvsim.multiqueue.virtio.VirtQueueDriver;
import hvsim.multiqueue.virtio.VirtioRegisters;
import hvsim.multiqueue.virtio.VirtioTransport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A frame arrives and its reply is sent, on a virtio network adapter with a vector for each queue. */
class RoundTripTest {
    private static final long CLOCK = 1_000_000_000L;
    private static final int GAP = 100_000;
    private static final int RECEIVE = 0;
    private static final int TRANSMIT = 1;
    private static final int FRAMES = 1000;

    private final ArrayMemory memory = new ArrayMemory(1 << 16);
    private final SplitLayout receiveLayout = SplitLayout.at(0, 64);
    private final SplitLayout transmitLayout = SplitLayout.at(4096, 64);
    private final SplitDriver receiveDriver = new SplitDriver(memory, receiveLayout, NotificationMode.EVENT_INDEX);
    private final SplitDriver transmitDriver = new SplitDriver(memory, transmitLayout, NotificationMode.EVENT_INDEX);
    private final Chain buffer = new Chain().write(8192, 2048);
    private final Chain reply = new Chain().read(8192, 60);

    private final FrameReceiver receiver = new FrameReceiver(
            new SyntheticFrames(new RegularArrivals(GAP), List.of(new Frame(60, 1, 0, Flow.NONE)), new RandomStream(1)),
            LineRate.ethernet(CLOCK, CLOCK),
            CLOCK,
            frame -> 0,
            List.of(new SplitDevice(memory, receiveLayout, NotificationMode.EVENT_INDEX)),
            ModerationSpec.OFF);
    private final RequestDevice transmitter = new RequestDevice(
            List.of(new SplitDevice(memory, transmitLayout, NotificationMode.EVENT_INDEX)),
            Arbiter.equal(1, 1),
            new ServiceStation(
                    new StationSpec(1, 64, new ConstantTime(0)), new RandomStream(1), LineRate.ethernet(CLOCK, CLOCK)),
            ModerationSpec.OFF);
    private final CountingRegisters registers =
            new CountingRegisters(new VirtioRegisters(VirtioTransport.PCI, List.of(receiver, transmitter)));

    /** The kick of the reply. An adapter of the e1000 kind takes eleven: GigabitControllerTest. */
    @Test
    void aFrameAndItsReplyAreOneAccess() {
        transmitDriver.disableInterrupts();
        refill(0);
        registers.take();
        int received = 0;
        for (long now = 0; received < FRAMES; now += GAP) {
            receiver.advanceTo(now);
            transmitter.advanceTo(now);
            if (receiver.pollInterrupt() == 0) {
                received += refill(now);
                reply(now);
            }
        }
        assertEquals(FRAMES, registers.take());
        assertEquals(0, transmitter.stats(0).interrupts());
    }

    private int refill(long now) {
        int frames = 0;
        do {
            while (receiveDriver.takeUsed() != VirtQueueDriver.NONE) {
                frames++;
            }
        } while (receiveDriver.enableInterrupts());
        while (receiveDriver.add(buffer) != VirtQueueDriver.FULL) {
            // Until the ring is full.
        }
        notify(receiveDriver, RECEIVE, now);
        return frames;
    }

    private void reply(long now) {
        while (transmitDriver.takeUsed() != VirtQueueDriver.NONE) {
            // What was sent before.
        }
        assertTrue(transmitDriver.add(reply) != VirtQueueDriver.FULL);
        notify(transmitDriver, TRANSMIT, now);
    }

    private void notify(VirtQueueDriver driver, int queue, long now) {
        if (driver.publish()) {
            registers.write(VirtioTransport.PCI.notify(queue), queue, now);
        }
    }
}
