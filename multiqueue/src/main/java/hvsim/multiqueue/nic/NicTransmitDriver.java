package hvsim.multiqueue.nic;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.tlb.Snapshot;

/** Puts frames into a transmit ring. Only the last descriptor of a frame asks for a report. */
public final class NicTransmitDriver extends NicDriverRing {
    /** By its first descriptor, the last one of a frame. */
    private final int[] last;

    public NicTransmitDriver(BusMemory memory, NicLayout layout) {
        super(memory, layout);
        last = new int[layout.entries()];
    }

    /** False if there are too few descriptors. */
    public boolean send(Chain frame) {
        int count = frame.count();
        if (count == 0 || count > free()) {
            return false;
        }
        int first = tail();
        for (int i = 0; i < count; i++) {
            last[first] = tail();
            boolean end = i == count - 1;
            long descriptor = fillNext();
            int command = end ? NicLayout.COMMAND_END | NicLayout.COMMAND_REPORT : 0;
            memory.write64(descriptor, frame.address(i));
            memory.write64(descriptor + 8, frame.length(i) & 0xFFFF | (long) command << 24);
        }
        return true;
    }

    /** Whether a frame is sent, whose descriptors are the driver's again. */
    public boolean takeSent() {
        if (isEmpty() || !isDone(last[clean()])) {
            return false;
        }
        cleanUpTo(layout.after(last[clean()]));
        return true;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        super.transfer(snapshot);
        snapshot.transfer(last);
    }
}
