package hvsim.multiqueue.nic;

import hvsim.multiqueue.bus.BusMemory;

/** Gives buffers to a receive ring, and takes frames out. */
public final class NicReceiveDriver extends NicDriverRing {
    public static final int NONE = -1;

    public NicReceiveDriver(BusMemory memory, NicLayout layout) {
        super(memory, layout);
    }

    /** False if the ring is full. */
    public boolean post(long buffer) {
        if (free() == 0) {
            return false;
        }
        long descriptor = fillNext();
        memory.write64(descriptor, buffer);
        memory.write64(descriptor + 8, 0);
        return true;
    }

    /** Buffer of the next frame, if there is one. */
    public long buffer() {
        return memory.read64(layout.descriptor(clean()));
    }

    /** Length of the next frame, whose descriptor is the driver's again; or {@link #NONE}. */
    public int takeFrame() {
        if (isEmpty() || !isDone(clean())) {
            return NONE;
        }
        int length = memory.read16(layout.descriptor(clean()) + 8);
        cleanUpTo(layout.after(clean()));
        return length;
    }
}
