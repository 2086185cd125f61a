package hvsim.multiqueue.nic;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.tlb.Snapshot;

/** Buffers for frames that arrive, all of one size: RCTL.BSIZE. */
public final class NicReceiveRing extends NicRing {
    private int bufferBytes;

    public NicReceiveRing(BusMemory memory, NicLayout layout, int bufferBytes) {
        super(memory, layout);
        this.bufferBytes = bufferBytes;
    }

    void setBufferBytes(int bytes) {
        bufferBytes = bytes;
    }

    @Override
    int fill(Chain into, int from, int to) {
        return add(into, memory.read64(layout().descriptor(from)), bufferBytes, true) ? 1 : 0;
    }

    /** Length and status in one write, as adapters have it; checksum, errors and tag are 0. */
    @Override
    boolean writeBack(long descriptor, long written) {
        memory.write64(descriptor + 8, (long) (NicLayout.DONE | NicLayout.END_OF_PACKET) << 32 | written & 0xFFFF);
        return true;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        super.transfer(snapshot);
        bufferBytes = snapshot.transfer(bufferBytes);
    }
}
