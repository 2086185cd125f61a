package hvsim.multiqueue.nic;

/** For those who measure: when the frames came that a driver finds. */
public interface FrameTimes {
    /** Of the frame that the driver takes next, the cycle at which it came to the line; asked once for each frame. */
    long takeArrival();
}
