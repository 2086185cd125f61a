package hvsim.multiqueue;

import hvsim.multiqueue.arbitration.ReadyQueues;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.interrupt.InterruptVectors;
import hvsim.multiqueue.interrupt.Moderation;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.tlb.Snapshot;

/** From requests that are done to messages: moderation, then what the ring's driver wants, then the mask. */
final class QueueInterrupts {
    private final DeviceRing[] rings;
    private final QueueCounters counters;
    private final Moderation[] moderations;
    private final InterruptVectors vectors;

    /** Queues with something done that no interrupt was for: what is due is looked for among these. */
    private final ReadyQueues waiting;

    /** The earliest of all moderations; looked for again when its own has fired. */
    private long dueCycle = Moderation.NEVER;

    QueueInterrupts(DeviceRing[] rings, ModerationSpec spec, QueueCounters counters) {
        this.rings = rings;
        this.counters = counters;
        moderations = new Moderation[rings.length];
        for (int i = 0; i < moderations.length; i++) {
            moderations[i] = new Moderation(spec);
        }
        vectors = new InterruptVectors(moderations.length);
        waiting = new ReadyQueues(moderations.length);
    }

    void completed(int queue, long cycle) {
        moderations[queue].completed(cycle);
        waiting.set(queue);
        dueCycle = Math.min(dueCycle, moderations[queue].dueCycle());
    }

    long dueCycle() {
        return dueCycle;
    }

    /** Sends what is due up to that cycle. */
    void advanceTo(long cycle) {
        if (dueCycle > cycle) {
            return;
        }
        dueCycle = Moderation.NEVER;
        for (int queue = waiting.firstFrom(0); queue >= 0; queue = waiting.firstFrom(queue + 1)) {
            if (moderations[queue].dueCycle() <= cycle) {
                fire(queue);
            }
            dueCycle = Math.min(dueCycle, moderations[queue].dueCycle());
        }
    }

    private void fire(int queue) {
        moderations[queue].fire();
        waiting.clear(queue);
        boolean wanted = rings[queue].wantsInterrupt();
        counters.interrupted(queue, wanted && vectors.raise(queue));
    }

    int poll() {
        return vectors.poll();
    }

    void mask(int queue) {
        vectors.mask(queue);
    }

    void unmask(int queue) {
        if (vectors.unmask(queue)) {
            counters.interrupted(queue, true);
        }
    }

    void transfer(Snapshot snapshot) {
        for (Moderation moderation : moderations) {
            moderation.transfer(snapshot);
        }
        vectors.transfer(snapshot);
        waiting.transfer(snapshot);
        dueCycle = snapshot.transfer(dueCycle);
    }
}
