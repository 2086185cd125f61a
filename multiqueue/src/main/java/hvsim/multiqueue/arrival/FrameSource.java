package hvsim.multiqueue.arrival;

import hvsim.multiqueue.steering.Frame;
import hvsim.tlb.Snapshot;

/** Frames from outside, in the order in which they come. */
public interface FrameSource {
    /** When the next one comes; {@link ArrivalProcess#NEVER} if none is to come. */
    long nextCycle();

    /** The next one, which has come. */
    Frame take();

    /** A frame that came is dealt with: delivered or dropped. */
    void done(long cycle);

    void transfer(Snapshot snapshot);
}
