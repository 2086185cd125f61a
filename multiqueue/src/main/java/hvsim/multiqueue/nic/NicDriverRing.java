package hvsim.multiqueue.nic;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.tlb.Snapshot;

/** What both rings have in common on the driver's side: descriptors are filled at the tail and cleaned behind the head. */
abstract sealed class NicDriverRing permits NicReceiveDriver, NicTransmitDriver {
    final BusMemory memory;
    final NicLayout layout;

    private int clean;
    private int tail;

    NicDriverRing(BusMemory memory, NicLayout layout) {
        this.memory = memory;
        this.layout = layout;
    }

    /** The value for the tail register. */
    public final int tail() {
        return tail;
    }

    /** Descriptors that can be filled. */
    public final int free() {
        int used = tail - clean;
        return layout.entries() - 1 - (used < 0 ? used + layout.entries() : used);
    }

    /** The descriptor at the tail, which moves on. */
    final long fillNext() {
        long descriptor = layout.descriptor(tail);
        tail = layout.after(tail);
        return descriptor;
    }

    /** The descriptor to be cleaned next. */
    final int clean() {
        return clean;
    }

    final boolean isDone(int index) {
        return (memory.read8(layout.descriptor(index) + 12) & NicLayout.DONE) != 0;
    }

    final void cleanUpTo(int end) {
        clean = end;
    }

    final boolean isEmpty() {
        return clean == tail;
    }

    public void transfer(Snapshot snapshot) {
        clean = snapshot.transfer(clean);
        tail = snapshot.transfer(tail);
    }
}
