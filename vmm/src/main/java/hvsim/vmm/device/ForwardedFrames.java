package hvsim.vmm.device;

import hvsim.multiqueue.arrival.ArrivalProcess;
import hvsim.multiqueue.arrival.FrameSource;
import hvsim.multiqueue.steering.Flow;
import hvsim.multiqueue.steering.Frame;
import hvsim.tlb.Snapshot;

/** At most one frame, that the hypervisor's driver has taken and the model of a device is to have. */
final class ForwardedFrames implements FrameSource {
    private static final long NONE = ArrivalProcess.NEVER;

    private long arrivedCycle = NONE;
    private int bytes;

    /** @param cycle at which it came to the line */
    void forward(int frameBytes, long cycle) {
        bytes = frameBytes;
        arrivedCycle = cycle;
    }

    @Override
    public long nextCycle() {
        return arrivedCycle;
    }

    @Override
    public Frame take() {
        arrivedCycle = NONE;
        return new Frame(bytes, 0, Frame.NO_VLAN, Flow.NONE);
    }

    @Override
    public void done(long cycle) {
        // nobody waits for it
    }

    @Override
    public void transfer(Snapshot snapshot) {
        arrivedCycle = snapshot.transfer(arrivedCycle);
        bytes = snapshot.transfer(bytes);
    }
}
