package hvsim.multiqueue.trace;

import hvsim.multiqueue.arrival.FrameSource;
import hvsim.multiqueue.steering.Frame;
import hvsim.tlb.Snapshot;

/** The frames of a capture, whatever becomes of them. */
public record ReplayedFrames(Replay<TimedFrame> replay) implements FrameSource {
    @Override
    public long nextCycle() {
        return replay.nextCycle();
    }

    @Override
    public Frame take() {
        return replay.take().frame();
    }

    @Override
    public void done(long cycle) {}

    @Override
    public void transfer(Snapshot snapshot) {
        replay.transfer(snapshot);
    }
}
