package hvsim.multiqueue.arrival;

import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.steering.Frame;
import hvsim.tlb.Snapshot;
import java.util.List;

/** Frames of a process, each one of a few that are all as likely. */
public final class SyntheticFrames implements FrameSource {
    private final ArrivalProcess arrivals;
    private final Frame[] frames;
    private final RandomStream random;

    public SyntheticFrames(ArrivalProcess arrivals, List<Frame> frames, RandomStream random) {
        if (frames.isEmpty()) {
            throw new IllegalArgumentException("a source has at least one frame to choose from");
        }
        this.arrivals = arrivals;
        this.frames = frames.toArray(Frame[]::new);
        this.random = random;
    }

    @Override
    public long nextCycle() {
        return arrivals.nextCycle();
    }

    @Override
    public Frame take() {
        arrivals.arrived();
        return frames[random.nextInt(frames.length)];
    }

    @Override
    public void done(long cycle) {
        arrivals.done(cycle);
    }

    @Override
    public void transfer(Snapshot snapshot) {
        arrivals.transfer(snapshot);
        random.transfer(snapshot);
    }
}
