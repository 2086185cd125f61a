package hvsim.multiqueue.nic;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;

/** Frames to send, each in one descriptor or more; the last one says so. */
public final class NicTransmitRing extends NicRing {
    public NicTransmitRing(BusMemory memory, NicLayout layout) {
        super(memory, layout);
    }

    @Override
    int fill(Chain into, int from, int to) {
        int slots = 0;
        for (int i = from; i != to; i = layout().after(i)) {
            long descriptor = layout().descriptor(i);
            if (!add(into, memory.read64(descriptor), memory.read16(descriptor + 8), false)) {
                return 0;
            }
            slots++;
            if ((memory.read8(descriptor + 11) & NicLayout.COMMAND_END) != 0) {
                return slots;
            }
        }
        return 0;
    }

    /** Only a descriptor that asks for it is reported. */
    @Override
    boolean writeBack(long descriptor, long written) {
        boolean report = (memory.read8(descriptor + 11) & NicLayout.COMMAND_REPORT) != 0;
        if (report) {
            memory.write8(descriptor + 12, NicLayout.DONE);
        }
        return report;
    }
}
