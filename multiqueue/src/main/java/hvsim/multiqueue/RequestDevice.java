package hvsim.multiqueue;

import hvsim.multiqueue.arbitration.Arbiter;
import hvsim.multiqueue.arbitration.ReadyQueues;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.multiqueue.service.ServiceStation;
import hvsim.tlb.Snapshot;
import java.util.List;

/**
 * A device that does what drivers ask for: a disk, or the sending half of a network adapter.
 *
 * <pre>
 *   rings --> arbiter --> back end (depth, channels) --> the ring again --> moderation --> interrupt
 * </pre>
 *
 * A request stays in its ring until the back end has room. Latency is counted from then to its end. A back end with
 * several channels ends requests in another order than it began them, which rings of network adapters do not allow.
 */
public final class RequestDevice extends MultiQueueDevice {
    private final Arbiter arbiter;
    private final ServiceStation backEnd;
    private final ReadyQueues ready;
    private final Chain chain = new Chain();

    /** By slot of the back end. */
    private final int[] queueOf;

    private final int[] idOf;
    private final int[] slotsOf;
    private final long[] writtenOf;

    public RequestDevice(List<DeviceRing> rings, Arbiter arbiter, ServiceStation backEnd, ModerationSpec moderation) {
        super(rings, moderation);
        this.arbiter = arbiter;
        this.backEnd = backEnd;
        ready = new ReadyQueues(rings.size());
        queueOf = new int[backEnd.depth()];
        idOf = new int[backEnd.depth()];
        slotsOf = new int[backEnd.depth()];
        writtenOf = new long[backEnd.depth()];
    }

    @Override
    public long nextEventCycle() {
        return Math.min(backEnd.nextDoneCycle(), interrupts.dueCycle());
    }

    @Override
    public void advanceTo(long cycle) {
        while (backEnd.nextDoneCycle() <= cycle) {
            long done = backEnd.nextDoneCycle();
            interrupts.advanceTo(done - 1);
            finish(done);
            fetch(done);
        }
        interrupts.advanceTo(cycle);
    }

    private void finish(long cycle) {
        int slot = backEnd.finishNext();
        int queue = queueOf[slot];
        ring(queue).giveBack(idOf[slot], slotsOf[slot], writtenOf[slot]);
        counters.done(queue, backEnd.bytes(slot), cycle - backEnd.offeredCycle(slot));
        interrupts.completed(queue, cycle);
    }

    @Override
    public void doorbell(int queue, long cycle) {
        ready.set(queue);
        ring(queue).disableNotifications();
        fetch(cycle);
    }

    private void fetch(long cycle) {
        while (!backEnd.isFull()) {
            int queue = arbiter.next(ready);
            if (queue < 0) {
                return;
            }
            take(queue, cycle);
        }
    }

    private void take(int queue, long cycle) {
        DeviceRing ring = ring(queue);
        boolean some = ring.take(chain);
        if (some) {
            accept(queue, cycle);
        } else if (!ring.enableNotifications()) {
            ready.clear(queue);
        }
        for (int i = ring.refusedByTake(); i > 0; i--) {
            interrupts.completed(queue, cycle);
        }
    }

    private void accept(int queue, long cycle) {
        int slot = backEnd.offer(cycle, chain.bytes());
        queueOf[slot] = queue;
        idOf[slot] = chain.id();
        slotsOf[slot] = chain.slots();
        writtenOf[slot] = chain.writableBytes();
    }

    @Override
    public void transfer(Snapshot snapshot) {
        super.transfer(snapshot);
        arbiter.transfer(snapshot);
        backEnd.transfer(snapshot);
        ready.transfer(snapshot);
        snapshot.transfer(queueOf);
        snapshot.transfer(idOf);
        snapshot.transfer(slotsOf);
        snapshot.transfer(writtenOf);
    }
}
