package hvsim.multiqueue.steering;

/** Receive-side scaling: the low bits of the flow's hash choose an entry of the indirection table, which names the queue. */
public final class FlowSteering implements Steering {
    private static final int MOST_ENTRIES = 512;

    private final Toeplitz toeplitz;
    private final int[] indirection;

    /** @param indirection a power of 2 of queues: 128 in most adapters */
    public FlowSteering(Toeplitz toeplitz, int[] indirection) {
        if (Integer.bitCount(indirection.length) != 1 || indirection.length > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "an indirection table has a power of 2 of entries up to 512, not " + indirection.length);
        }
        this.toeplitz = toeplitz;
        this.indirection = indirection.clone();
    }

    /** Queues from {@code first} on in turn, as drivers fill the table. */
    public static FlowSteering over(Toeplitz toeplitz, int first, int queues) {
        int[] table = new int[128];
        for (int i = 0; i < table.length; i++) {
            table[i] = first + i % queues;
        }
        return new FlowSteering(toeplitz, table);
    }

    @Override
    public int queueOf(Frame frame) {
        return indirection[toeplitz.hash(frame.flow()) & indirection.length - 1];
    }
}
