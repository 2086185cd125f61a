package hvsim.multiqueue;

import hvsim.tlb.Snapshot;

/** The counters of all queues of a device. */
final class QueueCounters {
    private final long[] operations;
    private final long[] bytes;
    private final long[] drops;
    private final long[] interrupts;
    private final long[] suppressed;
    private final LatencyHistogram[] latencies;

    QueueCounters(int queues) {
        operations = new long[queues];
        bytes = new long[queues];
        drops = new long[queues];
        interrupts = new long[queues];
        suppressed = new long[queues];
        latencies = new LatencyHistogram[queues];
        for (int i = 0; i < queues; i++) {
            latencies[i] = new LatencyHistogram();
        }
    }

    void done(int queue, long moved, long tookCycles) {
        operations[queue]++;
        bytes[queue] += moved;
        latencies[queue].add(tookCycles);
    }

    void dropped(int queue) {
        drops[queue]++;
    }

    void interrupted(int queue, boolean sent) {
        (sent ? interrupts : suppressed)[queue]++;
    }

    QueueStats stats(int queue) {
        return new QueueStats(operations[queue], bytes[queue], drops[queue], interrupts[queue], suppressed[queue]);
    }

    LatencyHistogram latencies(int queue) {
        return latencies[queue];
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(operations);
        snapshot.transfer(bytes);
        snapshot.transfer(drops);
        snapshot.transfer(interrupts);
        snapshot.transfer(suppressed);
        for (LatencyHistogram histogram : latencies) {
            histogram.transfer(snapshot);
        }
    }
}
