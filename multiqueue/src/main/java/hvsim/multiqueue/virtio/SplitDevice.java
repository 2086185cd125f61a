package hvsim.multiqueue.virtio;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.bus.EventIndex;
import hvsim.multiqueue.bus.RingFault;
import hvsim.tlb.Snapshot;

/**
 * The device's side of a split virtqueue.
 *
 * <pre>
 *   available   taken, given back | taken, not given back | available, not taken | to come
 *                                 ^ usedIndex             ^ taken                ^ available
 *               |<-------------- what was ever made available ---------------->|    all modulo 2^16
 * </pre>
 */
public final class SplitDevice implements DeviceRing {
    private final BusMemory memory;
    private final SplitLayout layout;
    private final NotificationMode mode;
    private final DescriptorWalk descriptors;

    private int available;
    private int taken;
    private int usedIndex;
    private int usedAtLastTest;
    private RingFault fault = RingFault.NONE;

    public SplitDevice(BusMemory memory, SplitLayout layout, NotificationMode mode) {
        this.memory = memory;
        this.layout = layout;
        this.mode = mode;
        descriptors = new DescriptorWalk(memory);
    }

    @Override
    public boolean take(Chain into) {
        if (!seesMore()) {
            return false;
        }
        int head = memory.read16(layout.available(taken));
        fault = descriptors.chain(layout, head, into.clear());
        if (fault != RingFault.NONE) {
            return false;
        }
        into.setOrigin(head, 1);
        taken = taken + 1 & 0xFFFF;
        return true;
    }

    /** What was seen is not read again before it is used up. */
    private boolean seesMore() {
        if (available == taken && fault == RingFault.NONE) {
            readIndex();
        }
        return available != taken && fault == RingFault.NONE;
    }

    private void readIndex() {
        if (!layout.isReachedBy(memory)) {
            fault = RingFault.RING_OUT_OF_REACH;
            return;
        }
        int index = memory.read16(layout.availableIndex());
        fault = judge(index);
        available = fault == RingFault.NONE ? index : available;
    }

    private RingFault judge(int index) {
        if ((index - taken & 0xFFFF) > layout.size()) {
            return RingFault.INDEX_JUMP;
        }
        return (index - usedIndex & 0xFFFF) > layout.size() ? RingFault.OVERRUN : RingFault.NONE;
    }

    @Override
    public void giveBack(int id, int slots, long written) {
        if (fault == RingFault.NONE && !layout.isReachedBy(memory)) {
            fault = RingFault.RING_OUT_OF_REACH;
        }
        if (fault == RingFault.NONE) {
            memory.write32(layout.used(usedIndex), id);
            memory.write32(layout.used(usedIndex) + 4, written);
            usedIndex = usedIndex + 1 & 0xFFFF;
            memory.write16(layout.usedIndex(), usedIndex);
        }
    }

    @Override
    public boolean wantsInterrupt() {
        if (fault != RingFault.NONE || !layout.isReachedBy(memory)) {
            return false;
        }
        int before = usedAtLastTest;
        usedAtLastTest = usedIndex;
        return switch (mode) {
            case FLAGS -> before != usedIndex && (memory.read16(layout.availableFlags()) & 1) == 0;
            case EVENT_INDEX -> EventIndex.passed(memory.read16(layout.usedEvent()), before, usedIndex);
        };
    }

    @Override
    public boolean enableNotifications() {
        ask(0, taken);
        return seesMore();
    }

    @Override
    public void disableNotifications() {
        ask(1, taken - 1 & 0xFFFF);
    }

    private void ask(int flags, int event) {
        if (layout.isReachedBy(memory)) {
            boolean byIndex = mode == NotificationMode.EVENT_INDEX;
            memory.write16(byIndex ? layout.availableEvent() : layout.usedFlags(), byIndex ? event : flags);
        }
    }

    @Override
    public RingFault fault() {
        return fault;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        available = snapshot.transfer(available);
        taken = snapshot.transfer(taken);
        usedIndex = snapshot.transfer(usedIndex);
        usedAtLastTest = snapshot.transfer(usedAtLastTest);
        fault = fault.transfer(snapshot);
    }
}
