package hvsim.multiqueue;

import hvsim.multiqueue.arrival.FrameSource;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.multiqueue.service.LineRate;
import hvsim.multiqueue.steering.Frame;
import hvsim.multiqueue.steering.Steering;
import hvsim.tlb.Snapshot;
import java.util.Arrays;
import java.util.List;

/**
 * The receiving half of a network adapter.
 *
 * <pre>
 *   source --> line, one frame at a time --> steering --> a buffer of that queue's ring --> moderation --> interrupt
 *              waits too long: dropped       for nobody    none left: dropped
 *              on the line                   here
 * </pre>
 *
 * Latency is counted from the frame's arrival at the line. A frame that is longer than its buffer leaves the buffer
 * empty, and counts as dropped.
 */
public final class FrameReceiver extends MultiQueueDevice {
    private final FrameSource source;
    private final LineRate line;
    private final long mostWaitCycles;
    private final Steering steering;
    private final Chain chain = new Chain();
    private final CycleQueue[] arrivals;

    private long lineFreeCycle;
    private boolean onLine;
    private int queue;
    private long bytes;
    private long arrivedCycle;
    private long lineDrops;
    private long forNobody;

    /** @param mostWaitCycles how long a frame waits for the line, in a switch before it, until that drops it */
    public FrameReceiver(
            FrameSource source,
            LineRate line,
            long mostWaitCycles,
            Steering steering,
            List<DeviceRing> rings,
            ModerationSpec moderation) {
        super(rings, moderation);
        this.source = source;
        this.line = line;
        this.mostWaitCycles = mostWaitCycles;
        this.steering = steering;
        arrivals = new CycleQueue[rings.size()];
        Arrays.setAll(arrivals, ring -> new CycleQueue());
    }

    @Override
    public long nextEventCycle() {
        return Math.min(nextFrameCycle(), interrupts.dueCycle());
    }

    /** When the line has brought a frame, or can begin with one. */
    private long nextFrameCycle() {
        return onLine ? lineFreeCycle : Math.max(source.nextCycle(), lineFreeCycle);
    }

    @Override
    public void advanceTo(long cycle) {
        for (long next = nextFrameCycle(); next <= cycle; next = nextFrameCycle()) {
            interrupts.advanceTo(next - 1);
            if (onLine) {
                deliver(next);
            } else {
                begin(next);
            }
        }
        interrupts.advanceTo(cycle);
    }

    private void begin(long cycle) {
        arrivedCycle = source.nextCycle();
        Frame frame = source.take();
        if (cycle - arrivedCycle > mostWaitCycles) {
            lineDrops++;
            source.done(cycle);
            return;
        }
        bytes = frame.bytes();
        queue = steering.queueOf(frame);
        lineFreeCycle = cycle + line.cycles(bytes);
        onLine = true;
    }

    private void deliver(long cycle) {
        onLine = false;
        if (queue == Steering.NO_QUEUE) {
            forNobody++;
        } else {
            put(cycle);
        }
        source.done(cycle);
    }

    private void put(long cycle) {
        DeviceRing ring = ring(queue);
        if (!ring.take(chain)) {
            counters.dropped(queue);
            ring.enableNotifications();
            return;
        }
        boolean fits = bytes <= chain.writableBytes();
        ring.giveBack(chain.id(), chain.slots(), fits ? bytes : 0);
        interrupts.completed(queue, cycle);
        if (fits) {
            counters.done(queue, bytes, cycle - arrivedCycle);
            arrivals[queue].add(arrivedCycle);
        } else {
            counters.dropped(queue);
        }
    }

    /** A buffer is looked for when a frame is there; until none is found, doorbells say nothing new. */
    @Override
    public void doorbell(int ringing, long cycle) {
        ring(ringing).disableNotifications();
    }

    /**
     * When the frame came that the driver of a queue takes next out of its ring, for those who measure; asked once for
     * each frame.
     */
    public long takeArrival(int ofQueue) {
        return arrivals[ofQueue].take();
    }

    /** Frames that waited too long for the line. */
    public long lineDrops() {
        return lineDrops;
    }

    /** Frames that were addressed to no queue. */
    public long forNobody() {
        return forNobody;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        super.transfer(snapshot);
        source.transfer(snapshot);
        line.transfer(snapshot);
        lineFreeCycle = snapshot.transfer(lineFreeCycle);
        onLine = snapshot.transfer(onLine);
        queue = snapshot.transfer(queue);
        bytes = snapshot.transfer(bytes);
        arrivedCycle = snapshot.transfer(arrivedCycle);
        lineDrops = snapshot.transfer(lineDrops);
        forNobody = snapshot.transfer(forNobody);
        for (CycleQueue queueArrivals : arrivals) {
            queueArrivals.transfer(snapshot);
        }
    }
}
