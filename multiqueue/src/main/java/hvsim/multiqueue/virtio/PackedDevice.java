package hvsim.multiqueue.virtio;

import static hvsim.multiqueue.virtio.PackedLayout.DISABLE;
import static hvsim.multiqueue.virtio.PackedLayout.ENABLE;
import static hvsim.multiqueue.virtio.PackedLayout.SPECIFIC;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.bus.RingFault;
import hvsim.tlb.Snapshot;

/** The device's side of a packed virtqueue. */
public final class PackedDevice implements DeviceRing {
    private final BusMemory memory;
    private final PackedLayout layout;
    private final NotificationMode mode;
    private final DescriptorWalk descriptors;
    private final RingPosition next;
    private final RingPosition used;

    /** Along the chain that is being taken. */
    private final RingPosition along;

    private int slotsTaken;
    private int usedSinceTest;
    private RingFault fault = RingFault.NONE;

    public PackedDevice(BusMemory memory, PackedLayout layout, NotificationMode mode) {
        this.memory = memory;
        this.layout = layout;
        this.mode = mode;
        descriptors = new DescriptorWalk(memory);
        next = new RingPosition(layout.size());
        used = new RingPosition(layout.size());
        along = new RingPosition(layout.size());
    }

    @Override
    public boolean take(Chain into) {
        if (!seesMore()) {
            return false;
        }
        along.set(next);
        fault = follow(into.clear());
        if (fault != RingFault.NONE) {
            return false;
        }
        next.set(along);
        slotsTaken += into.slots();
        return true;
    }

    private boolean seesMore() {
        checkReach();
        return fault == RingFault.NONE && next.isAvailable(memory.read16(layout.descriptor(next.index()) + 14));
    }

    private void checkReach() {
        if (fault == RingFault.NONE && !layout.isReachedBy(memory)) {
            fault = RingFault.RING_OUT_OF_REACH;
        }
    }

    private RingFault follow(Chain chain) {
        for (int slots = 1; slots <= layout.size(); slots++) {
            long descriptor = layout.descriptor(along.index());
            int flags = memory.read16(descriptor + 14);
            RingFault found = buffers(descriptor, flags, chain);
            if (found != RingFault.NONE) {
                return found;
            }
            along.advance(1);
            if ((flags & SplitLayout.NEXT) == 0) {
                chain.setOrigin(memory.read16(descriptor + 12), slots);
                return slotsTaken + slots > layout.size() ? RingFault.OVERRUN : RingFault.NONE;
            }
        }
        return RingFault.DESCRIPTOR_LOOP;
    }

    private RingFault buffers(long descriptor, int flags, Chain chain) {
        if ((flags & SplitLayout.INDIRECT) == 0) {
            return descriptors.buffer(descriptor, flags, chain);
        }
        return chain.count() == 0 ? descriptors.packedTable(descriptor, flags, chain) : RingFault.BAD_INDIRECT;
    }

    @Override
    public void giveBack(int id, int slots, long written) {
        checkReach();
        if (fault == RingFault.NONE) {
            long descriptor = layout.descriptor(used.index());
            memory.write32(descriptor + 8, written);
            memory.write16(descriptor + 12, id);
            memory.write16(descriptor + 14, used.usedFlags() | (written > 0 ? SplitLayout.WRITE : 0));
            used.advance(slots);
            slotsTaken -= slots;
            usedSinceTest = Math.min(usedSinceTest + slots, layout.size());
        }
    }

    @Override
    public boolean wantsInterrupt() {
        checkReach();
        if (fault != RingFault.NONE) {
            return false;
        }
        int moved = usedSinceTest;
        usedSinceTest = 0;
        int flags = memory.read16(layout.driverArea() + 2);
        return flags == SPECIFIC
                ? used.passed(memory.read16(layout.driverArea()), moved)
                : moved > 0 && flags != DISABLE;
    }

    @Override
    public boolean enableNotifications() {
        checkReach();
        if (fault == RingFault.NONE) {
            memory.write16(layout.deviceArea(), next.asEvent());
            memory.write16(layout.deviceArea() + 2, mode == NotificationMode.EVENT_INDEX ? SPECIFIC : ENABLE);
        }
        return seesMore();
    }

    @Override
    public void disableNotifications() {
        checkReach();
        if (fault == RingFault.NONE) {
            memory.write16(layout.deviceArea() + 2, DISABLE);
        }
    }

    @Override
    public RingFault fault() {
        return fault;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        next.transfer(snapshot);
        used.transfer(snapshot);
        slotsTaken = snapshot.transfer(slotsTaken);
        usedSinceTest = snapshot.transfer(usedSinceTest);
        fault = fault.transfer(snapshot);
    }
}
