package hvsim.multiqueue;

import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.bus.RingFault;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.tlb.Snapshot;
import java.util.List;

/**
 * A device of several queues, as the machine's loop sees it: it says when something happens next, is told how far time
 * has come, and is asked for interrupts. It calls nobody.
 *
 * <pre>
 *   while (device.nextEventCycle() &lt;= now) device.advanceTo(device.nextEventCycle());
 *   for (int q = device.pollInterrupt(); q != NO_INTERRUPT; q = device.pollInterrupt()) ...
 * </pre>
 */
public abstract sealed class MultiQueueDevice permits RequestDevice, FrameReceiver {
    public static final int NO_INTERRUPT = -1;
    public static final long NEVER = Long.MAX_VALUE;

    final QueueCounters counters;
    final QueueInterrupts interrupts;

    private final DeviceRing[] rings;

    MultiQueueDevice(List<DeviceRing> rings, ModerationSpec moderation) {
        if (rings.isEmpty()) {
            throw new IllegalArgumentException("a device has at least one queue");
        }
        this.rings = rings.toArray(DeviceRing[]::new);
        counters = new QueueCounters(rings.size());
        interrupts = new QueueInterrupts(this.rings, moderation, counters);
    }

    /** {@link #NEVER} while nothing is to happen by itself. */
    public abstract long nextEventCycle();

    /** Does all that happens up to and in that cycle. Time does not go back. */
    public abstract void advanceTo(long cycle);

    /** The driver of a queue has made something available, or made room, and says so. */
    public abstract void doorbell(int queue, long cycle);

    public final int queues() {
        return rings.length;
    }

    final DeviceRing ring(int queue) {
        return rings[queue];
    }

    /** A queue that interrupts and was not yet named here; or {@link #NO_INTERRUPT}. */
    public final int pollInterrupt() {
        return interrupts.poll();
    }

    /** From now on the queue's interrupt is pending when it comes. */
    public final void mask(int queue) {
        interrupts.mask(queue);
    }

    public final void unmask(int queue) {
        interrupts.unmask(queue);
    }

    /** What is wrong with a queue's ring, which is not served any more; {@link RingFault#NONE} for one that works. */
    public final RingFault fault(int queue) {
        return rings[queue].fault();
    }

    public final QueueStats stats(int queue) {
        return counters.stats(queue);
    }

    public final LatencyHistogram latencies(int queue) {
        return counters.latencies(queue);
    }

    /** All but the rings, which whoever set them up saves. */
    public void transfer(Snapshot snapshot) {
        counters.transfer(snapshot);
        interrupts.transfer(snapshot);
    }
}
