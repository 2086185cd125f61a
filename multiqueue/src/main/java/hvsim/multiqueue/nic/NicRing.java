package hvsim.multiqueue.nic;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.bus.RingFault;
import hvsim.tlb.Snapshot;

/**
 * A descriptor ring as the adapter sees it.
 *
 * <pre>
 *   the driver's | taken, not written back | the adapter's to take | the driver's
 *                ^ head                    ^ next                  ^ tail
 * </pre>
 */
public abstract sealed class NicRing implements DeviceRing permits NicReceiveRing, NicTransmitRing {
    final BusMemory memory;

    private NicLayout layout;
    private boolean enabled = true;
    private int head;
    private int next;
    private int tail;
    private boolean writtenBack;

    /** Requests that are taken and not given back: of this ring, and of what was one before it was set up anew. */
    private int outstanding;

    private int forgotten;
    private RingFault fault = RingFault.NONE;

    NicRing(BusMemory memory, NicLayout layout) {
        this.memory = memory;
        this.layout = layout;
    }

    /** Writes to the registers of base and length: what was taken from where the ring was is not written back. */
    final void setUp(NicLayout newLayout) {
        layout = newLayout;
        head = 0;
        next = 0;
        tail = 0;
        forgotten += outstanding;
        outstanding = 0;
        fault = RingFault.NONE;
    }

    final NicLayout layout() {
        return layout;
    }

    /** RCTL.EN, TCTL.EN. */
    final void enable(boolean on) {
        enabled = on;
    }

    /** A write to the tail register. */
    public final void setTail(int value) {
        if (value < 0 || value >= layout.entries()) {
            fault = RingFault.BAD_DOORBELL;
        } else {
            tail = value;
        }
    }

    /** What a read of the head register gives. */
    public final int head() {
        return head;
    }

    public final int tail() {
        return tail;
    }

    @Override
    public final boolean take(Chain into) {
        if (!enabled || fault != RingFault.NONE || next == tail || !reachesRing()) {
            return false;
        }
        int slots = fill(into.clear(), next, tail);
        into.setOrigin(next, slots);
        for (int i = 0; i < slots; i++) {
            next = layout.after(next);
        }
        outstanding += slots > 0 ? 1 : 0;
        return slots > 0;
    }

    /** Adds the buffers of the next request; the number of its descriptors, 0 if it is not yet whole or has a fault. */
    abstract int fill(Chain into, int from, int to);

    final boolean add(Chain into, long address, long length, boolean writable) {
        fault = memory.reaches(address, length, writable)
                ? into.add(address, length, writable)
                : RingFault.BUFFER_OUT_OF_REACH;
        return fault == RingFault.NONE;
    }

    private boolean reachesRing() {
        if (!memory.reaches(layout.base(), layout.bytes(), true)) {
            fault = RingFault.RING_OUT_OF_REACH;
        }
        return fault == RingFault.NONE;
    }

    /** Requests are written back in the order in which they were taken. */
    @Override
    public final void giveBack(int id, int slots, long written) {
        if (forgotten > 0) {
            forgotten--;
            return;
        }
        outstanding--;
        if (fault != RingFault.NONE || !reachesRing()) {
            return;
        }
        if (id != head) {
            throw new IllegalStateException("descriptor " + id + " is written back before " + head);
        }
        for (int i = 0; i < slots; i++) {
            writtenBack |= writeBack(layout.descriptor(head), written);
            head = layout.after(head);
        }
    }

    /** Writes one descriptor back; whether that is worth an interrupt. */
    abstract boolean writeBack(long descriptor, long written);

    @Override
    public final boolean wantsInterrupt() {
        boolean some = writtenBack;
        writtenBack = false;
        return some;
    }

    @Override
    public final RingFault fault() {
        return fault;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        layout = new NicLayout(snapshot.transfer(layout.base()), snapshot.transfer(layout.entries()));
        enabled = snapshot.transfer(enabled);
        outstanding = snapshot.transfer(outstanding);
        forgotten = snapshot.transfer(forgotten);
        head = snapshot.transfer(head);
        next = snapshot.transfer(next);
        tail = snapshot.transfer(tail);
        writtenBack = snapshot.transfer(writtenBack);
        fault = fault.transfer(snapshot);
    }
}
