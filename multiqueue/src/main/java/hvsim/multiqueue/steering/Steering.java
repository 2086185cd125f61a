package hvsim.multiqueue.steering;

/** The choice of a queue for a frame. */
public interface Steering {
    int NO_QUEUE = -1;

    /** The queue, or {@link #NO_QUEUE} if the frame is for nobody here. */
    int queueOf(Frame frame);
}
