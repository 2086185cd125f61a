package hvsim.multiqueue.steering;

/** Requests by who submits them: processors are spread over queues in runs of neighbours, as block layers do. */
public record SubmitterSteering(int processors, int queues) {
    public SubmitterSteering {
        if (processors < 1 || queues < 1) {
            throw new IllegalArgumentException("there is at least one processor and one queue");
        }
    }

    /** Each queue has the same number of processors, or one more. */
    public int queueOf(int processor) {
        return (int) ((long) processor * Math.min(queues, processors) / processors);
    }
}
