package hvsim.multiqueue.virtio;

import static hvsim.multiqueue.virtio.PackedLayout.DESCRIPTOR_BYTES;
import static hvsim.multiqueue.virtio.PackedLayout.DISABLE;
import static hvsim.multiqueue.virtio.PackedLayout.ENABLE;
import static hvsim.multiqueue.virtio.PackedLayout.SPECIFIC;
import static hvsim.multiqueue.virtio.SplitLayout.INDIRECT;
import static hvsim.multiqueue.virtio.SplitLayout.NEXT;
import static hvsim.multiqueue.virtio.SplitLayout.WRITE;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.tlb.Snapshot;

/**
 * The driver's side of a packed virtqueue. The flags of the first head since the last {@link #publish} are written
 * last: before that the device gets no further than there.
 */
public final class PackedDriver implements VirtQueueDriver {
    private static final int NO_HEAD = -1;

    private final BusMemory memory;
    private final PackedLayout layout;
    private final NotificationMode mode;
    private final RingPosition next;
    private final RingPosition used;

    /** A list of free ids. */
    private final int[] nextId;

    /** By id, how many slots the request takes; 0 if there is none. */
    private final int[] inUse;

    private int firstId;
    private int free;
    private int heldHead = NO_HEAD;
    private int heldFlags;
    private int addedSincePublish;

    public PackedDriver(BusMemory memory, PackedLayout layout, NotificationMode mode) {
        this.memory = memory;
        this.layout = layout;
        this.mode = mode;
        next = new RingPosition(layout.size());
        used = new RingPosition(layout.size());
        nextId = new int[layout.size()];
        inUse = new int[layout.size()];
        for (int i = 0; i < nextId.length; i++) {
            nextId[i] = i + 1;
        }
        free = layout.size();
    }

    /** Slots that no request uses. */
    public int free() {
        return free;
    }

    @Override
    public int add(Chain chain) {
        int needed = chain.count();
        if (needed > free || needed == 0) {
            return FULL;
        }
        int id = takeId(needed);
        for (int i = 0; i < needed; i++) {
            int flags = (chain.isWritable(i) ? WRITE : 0) | (i == needed - 1 ? 0 : NEXT);
            write(chain.address(i), chain.length(i), id, flags);
        }
        return id;
    }

    @Override
    public int addIndirect(Chain chain, long table) {
        if (free == 0 || chain.count() == 0) {
            return FULL;
        }
        for (int i = 0; i < chain.count(); i++) {
            long entry = table + (long) DESCRIPTOR_BYTES * i;
            writeFields(entry, chain.address(i), chain.length(i), 0);
            memory.write16(entry + 14, chain.isWritable(i) ? WRITE : 0);
        }
        int id = takeId(1);
        write(table, (long) DESCRIPTOR_BYTES * chain.count(), id, INDIRECT);
        return id;
    }

    private int takeId(int slots) {
        int id = firstId;
        firstId = nextId[id];
        inUse[id] = slots;
        free -= slots;
        addedSincePublish += slots;
        return id;
    }

    private void write(long address, long length, int id, int flags) {
        int slot = next.index();
        writeFields(layout.descriptor(slot), address, length, id);
        int all = flags | next.availableFlags();
        if (heldHead == NO_HEAD) {
            heldHead = slot;
            heldFlags = all;
        } else {
            memory.write16(layout.descriptor(slot) + 14, all);
        }
        next.advance(1);
    }

    private void writeFields(long descriptor, long address, long length, int id) {
        memory.write64(descriptor, address);
        memory.write32(descriptor + 8, length);
        memory.write16(descriptor + 12, id);
    }

    @Override
    public boolean publish() {
        if (heldHead == NO_HEAD) {
            return false;
        }
        memory.write16(layout.descriptor(heldHead) + 14, heldFlags);
        heldHead = NO_HEAD;
        int moved = addedSincePublish;
        addedSincePublish = 0;
        int flags = memory.read16(layout.deviceArea() + 2);
        return flags == SPECIFIC ? next.passed(memory.read16(layout.deviceArea()), moved) : flags != DISABLE;
    }

    @Override
    public long takeUsed() {
        if (!hasUsed()) {
            return NONE;
        }
        long descriptor = layout.descriptor(used.index());
        int id = memory.read16(descriptor + 12);
        long written = memory.read32(descriptor + 8);
        release(id);
        return (long) id << 32 | written;
    }

    private boolean hasUsed() {
        return used.isUsed(memory.read16(layout.descriptor(used.index()) + 14));
    }

    private void release(int id) {
        if (id >= inUse.length || inUse[id] == 0) {
            throw new IllegalStateException("the device gives back request " + id + ", which it does not have");
        }
        used.advance(inUse[id]);
        free += inUse[id];
        inUse[id] = 0;
        nextId[id] = firstId;
        firstId = id;
    }

    @Override
    public boolean enableInterrupts() {
        memory.write16(layout.driverArea(), used.asEvent());
        memory.write16(layout.driverArea() + 2, mode == NotificationMode.EVENT_INDEX ? SPECIFIC : ENABLE);
        return hasUsed();
    }

    @Override
    public void disableInterrupts() {
        memory.write16(layout.driverArea() + 2, DISABLE);
    }

    @Override
    public void transfer(Snapshot snapshot) {
        next.transfer(snapshot);
        used.transfer(snapshot);
        snapshot.transfer(nextId);
        snapshot.transfer(inUse);
        firstId = snapshot.transfer(firstId);
        free = snapshot.transfer(free);
        heldHead = snapshot.transfer(heldHead);
        heldFlags = snapshot.transfer(heldFlags);
        addedSincePublish = snapshot.transfer(addedSincePublish);
    }
}
