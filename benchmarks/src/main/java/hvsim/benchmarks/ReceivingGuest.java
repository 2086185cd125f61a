package hvsim.benchmarks;

import hvsim.multiqueue.FrameReceiver;
import hvsim.multiqueue.arrival.PoissonArrivals;
import hvsim.multiqueue.arrival.SyntheticFrames;
import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.multiqueue.service.LineRate;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.steering.Flow;
import hvsim.multiqueue.steering.FlowSteering;
import hvsim.multiqueue.steering.Frame;
import hvsim.multiqueue.steering.Toeplitz;
import java.util.List;
import java.util.stream.IntStream;

/** An adapter of 10 Gbit/s that gets 1514-byte frames of 64 flows, and who empties its queues at each interrupt. */
final class ReceivingGuest {
    private static final long CLOCK_HZ = 2_400_000_000L;
    private static final int FLOWS = 64;

    /** In another page of 2 MiB than the rings. */
    private static final int FIRST_BUFFER = 1 << 21;

    private static final double MEAN_GAP_CYCLES = 5_000;

    private final List<RingKind.Ends> ends;
    private final FrameReceiver receiver;

    ReceivingGuest(RingKind kind, int queues) {
        ArrayMemory memory = new ArrayMemory(FIRST_BUFFER + queues * RingKind.BUFFERS_BYTES);
        ends = IntStream.range(0, queues)
                .mapToObj(i -> kind.ends(
                        memory, (long) i * RingKind.AREA_BYTES, FIRST_BUFFER + (long) i * RingKind.BUFFERS_BYTES))
                .toList();
        List<DeviceRing> deviceRings = ends.stream().map(RingKind.Ends::ring).toList();
        SyntheticFrames source = new SyntheticFrames(
                new PoissonArrivals(MEAN_GAP_CYCLES, new RandomStream(1)), frames(), new RandomStream(2));
        receiver = new FrameReceiver(
                source,
                LineRate.ethernet(10_000_000_000L, CLOCK_HZ),
                CLOCK_HZ,
                FlowSteering.over(new Toeplitz(key()), 0, queues),
                deviceRings,
                ModerationSpec.OFF);
        ends.forEach(RingKind.Ends::refill);
    }

    /** Any key with bits in it spreads flows. */
    private static byte[] key() {
        byte[] key = new byte[40];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (37 * i + 11);
        }
        return key;
    }

    private static List<Frame> frames() {
        return IntStream.range(0, FLOWS)
                .mapToObj(i -> new Frame(1514, 1, 0, Flow.ipv4(0x0A00_0001, 1000 + i, 0x0A00_0002, 80)))
                .toList();
    }

    /** Lets that many frames come; how many were received. */
    long receive(int packets) {
        long received = 0;
        while (received < packets) {
            receiver.advanceTo(receiver.nextEventCycle());
            for (int q = receiver.pollInterrupt(); q >= 0; q = receiver.pollInterrupt()) {
                received += ends.get(q).refill();
            }
        }
        return received;
    }
}
