package hvsim.multiqueue.interrupt;

import hvsim.multiqueue.arbitration.ReadyQueues;
import hvsim.tlb.Snapshot;

/** MSI-X: a vector for each queue, which may be masked; what is raised meanwhile is pending, and comes once at the unmasking. */
public final class InterruptVectors {
    public static final int NONE = -1;

    private final ReadyQueues masked;
    private final ReadyQueues pending;
    private final ReadyQueues raised;
    private int raisedCount;

    public InterruptVectors(int queues) {
        masked = new ReadyQueues(queues);
        pending = new ReadyQueues(queues);
        raised = new ReadyQueues(queues);
    }

    /** Whether a message is sent now; false for one that is pending behind a mask. */
    public boolean raise(int queue) {
        boolean sent = !masked.has(queue);
        raisedCount += sent && !raised.has(queue) ? 1 : 0;
        (sent ? raised : pending).set(queue);
        return sent;
    }

    public void mask(int queue) {
        masked.set(queue);
    }

    /** Whether a message is sent that was pending. */
    public boolean unmask(int queue) {
        masked.clear(queue);
        boolean due = pending.has(queue);
        pending.clear(queue);
        return due && raise(queue);
    }

    /** A queue whose message was sent since it was last named here, the lowest first; or {@link #NONE}. */
    public int poll() {
        if (raisedCount == 0) {
            return NONE;
        }
        int queue = raised.firstFrom(0);
        raised.clear(queue);
        raisedCount--;
        return queue;
    }

    public void transfer(Snapshot snapshot) {
        masked.transfer(snapshot);
        pending.transfer(snapshot);
        raised.transfer(snapshot);
        raisedCount = snapshot.transfer(raisedCount);
    }
}
