package hvsim.multiqueue.arbitration;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * Whose turn it is. Queues come in turn, each as often in a row as its weight says while it has requests. With one weight for all it is plain
 * round robin with a burst.
 */
public final class Arbiter {
    private final int[] weights;
    private int queue;
    private int credits;

    public Arbiter(int[] weights) {
        this.weights = weights.clone();
        for (int weight : weights) {
            if (weight < 1) {
                throw new IllegalArgumentException("a weight is 1 or more, not " + weight);
            }
        }
        credits = weights[0];
    }

    /** @param burst requests of one queue before it is the next one's turn */
    public static Arbiter equal(int queues, int burst) {
        int[] weights = new int[queues];
        Arrays.fill(weights, burst);
        return new Arbiter(weights);
    }

    /** The queue to serve one request of, among those that are ready; -1 if none is. */
    public int next(ReadyQueues ready) {
        if (credits == 0 || !ready.has(queue)) {
            int after = queue + 1 == weights.length ? 0 : queue + 1;
            int found = ready.nextFrom(after);
            if (found < 0) {
                return -1;
            }
            queue = found;
            credits = weights[found];
        }
        credits--;
        return queue;
    }

    public void transfer(Snapshot snapshot) {
        queue = snapshot.transfer(queue);
        credits = snapshot.transfer(credits);
    }
}
