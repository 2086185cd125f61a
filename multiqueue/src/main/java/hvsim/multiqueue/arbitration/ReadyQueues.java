package hvsim.multiqueue.arbitration;

import hvsim.tlb.Snapshot;

/** A set of queues, one bit for each. */
public final class ReadyQueues {
    private final int queues;
    private final long[] bits;

    public ReadyQueues(int queues) {
        this.queues = queues;
        bits = new long[queues + 63 >> 6];
    }

    public void set(int queue) {
        bits[queue >> 6] |= 1L << queue;
    }

    public void clear(int queue) {
        bits[queue >> 6] &= ~(1L << queue);
    }

    public boolean has(int queue) {
        return (bits[queue >> 6] & 1L << queue) != 0;
    }

    /** The first queue of the set from {@code from} on, around the end; -1 if the set is empty. */
    public int nextFrom(int from) {
        int found = firstFrom(from);
        return found >= 0 ? found : firstIn(0, from);
    }

    /** The same, but not around the end. */
    public int firstFrom(int from) {
        return firstIn(from, queues);
    }

    private int firstIn(int from, int end) {
        for (int queue = from; queue < end; queue = (queue | 63) + 1) {
            long rest = bits[queue >> 6] >>> queue;
            if (rest != 0) {
                int found = queue + Long.numberOfTrailingZeros(rest);
                return found < end ? found : -1;
            }
        }
        return -1;
    }

    public void transfer(Snapshot snapshot) {
        snapshot.transfer(bits);
    }
}
