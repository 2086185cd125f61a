package hvsim.vmm.kernel;

import hvsim.multiqueue.LatencyHistogram;
import hvsim.tlb.Snapshot;

/** What the driver of a network adapter has seen: how long after its coming to the line it found each frame, and more. */
public final class NicCounts {
    private final LatencyHistogram latencies = new LatencyHistogram();
    private long now;
    private long received;
    private long receivedBytes;
    private long sent;
    private long sentBytes;
    private long unsent;

    /** What its kernel does next it does at that cycle. */
    public void at(long cycle) {
        now = cycle;
    }

    void receive(int bytes, long arrivedCycle) {
        received++;
        receivedBytes += bytes;
        latencies.add(Math.max(now - arrivedCycle, 0));
    }

    void send(int bytes, boolean room) {
        if (room) {
            sent++;
            sentBytes += bytes;
        } else {
            unsent++;
        }
    }

    /** Counting starts. */
    public void clear() {
        latencies.clear();
        received = 0;
        receivedBytes = 0;
        sent = 0;
        sentBytes = 0;
        unsent = 0;
    }

    public long received() {
        return received;
    }

    public long sent() {
        return sent;
    }

    /** Of all frames, received and sent. */
    public long bytes() {
        return receivedBytes + sentBytes;
    }

    /** Frames that the ring had no room for. */
    public long unsent() {
        return unsent;
    }

    /** From a frame's coming to the line until the driver finds it. */
    public LatencyHistogram latencies() {
        return latencies;
    }

    void transfer(Snapshot snapshot) {
        latencies.transfer(snapshot);
        now = snapshot.transfer(now);
        received = snapshot.transfer(received);
        receivedBytes = snapshot.transfer(receivedBytes);
        sent = snapshot.transfer(sent);
        sentBytes = snapshot.transfer(sentBytes);
        unsent = snapshot.transfer(unsent);
    }
}
