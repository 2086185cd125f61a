package hvsim.multiqueue;

import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.interrupt.InterruptVectors;
import hvsim.multiqueue.interrupt.Moderation;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.tlb.Snapshot;
import java.util.List;

/** From requests that are done to messages: moderation, then what the ring's driver wants, then the mask. */
final class QueueInterrupts {
    private final List<? extends DeviceRing> rings;
    private final QueueCounters counters;
    private final Moderation[] moderations;
    private final InterruptVectors vectors;

    /** The earliest of all moderations; looked for again when its own has fired. */
    private long dueCycle = Moderation.NEVER;

    QueueInterrupts(List<? extends DeviceRing> rings, ModerationSpec spec, QueueCounters counters) {
        this.rings = rings;
        this.counters = counters;
        moderations = new Moderation[rings.size()];
        for (int i = 0; i < moderations.length; i++) {
            moderations[i] = new Moderation(spec);
        }
        vectors = new InterruptVectors(moderations.length);
    }

    void completed(int queue, long cycle) {
        moderations[queue].completed(cycle);
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
        for (int queue = 0; queue < moderations.length; queue++) {
            if (moderations[queue].dueCycle() <= cycle) {
                moderations[queue].fire();
                boolean wanted = rings.get(queue).wantsInterrupt();
                counters.interrupted(queue, wanted && vectors.raise(queue));
            }
            dueCycle = Math.min(dueCycle, moderations[queue].dueCycle());
        }
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
        dueCycle = snapshot.transfer(dueCycle);
    }
}
