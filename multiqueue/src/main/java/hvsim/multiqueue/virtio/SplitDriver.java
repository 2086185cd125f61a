package hvsim.multiqueue.virtio;

import static hvsim.multiqueue.virtio.SplitLayout.DESCRIPTOR_BYTES;
import static hvsim.multiqueue.virtio.SplitLayout.INDIRECT;
import static hvsim.multiqueue.virtio.SplitLayout.NEXT;
import static hvsim.multiqueue.virtio.SplitLayout.WRITE;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.EventIndex;
import hvsim.tlb.Snapshot;

/** The driver's side of a split virtqueue. Free descriptors are a list that the driver keeps to itself. */
public final class SplitDriver implements VirtQueueDriver {
    private final BusMemory memory;
    private final SplitLayout layout;
    private final NotificationMode mode;

    /** The next descriptor of a chain, or of the list of free ones. */
    private final int[] next;

    /** By head, how many descriptors are in use by the request; 0 if it is no head. */
    private final int[] inUse;

    private int firstFree;
    private int free;
    private int availableIndex;
    private int published;
    private int takenUsed;

    public SplitDriver(BusMemory memory, SplitLayout layout, NotificationMode mode) {
        this.memory = memory;
        this.layout = layout;
        this.mode = mode;
        next = new int[layout.size()];
        inUse = new int[layout.size()];
        for (int i = 0; i < next.length; i++) {
            next[i] = i + 1;
        }
        free = layout.size();
    }

    /** Descriptors that no request uses. */
    public int free() {
        return free;
    }

    @Override
    public int add(Chain chain) {
        int needed = chain.count();
        if (needed > free || needed == 0) {
            return FULL;
        }
        int head = firstFree;
        for (int i = 0; i < needed; i++) {
            int descriptor = firstFree;
            firstFree = next[descriptor];
            boolean last = i == needed - 1;
            writeBuffer(layout.descriptor(descriptor), chain, i, last ? 0 : NEXT, last ? 0 : firstFree);
        }
        return offer(head, needed);
    }

    @Override
    public int addIndirect(Chain chain, long table) {
        if (free == 0 || chain.count() == 0) {
            return FULL;
        }
        int head = firstFree;
        firstFree = next[head];
        int count = chain.count();
        for (int i = 0; i < count; i++) {
            boolean last = i == count - 1;
            writeBuffer(table + (long) DESCRIPTOR_BYTES * i, chain, i, last ? 0 : NEXT, last ? 0 : i + 1);
        }
        write(layout.descriptor(head), table, (long) DESCRIPTOR_BYTES * count, INDIRECT, 0);
        return offer(head, 1);
    }

    private void writeBuffer(long descriptor, Chain chain, int i, int flags, int nextIndex) {
        int write = chain.isWritable(i) ? WRITE : 0;
        write(descriptor, chain.address(i), chain.length(i), flags | write, nextIndex);
    }

    private void write(long descriptor, long address, long length, int flags, int nextIndex) {
        memory.write64(descriptor, address);
        memory.write32(descriptor + 8, length);
        memory.write16(descriptor + 12, flags);
        memory.write16(descriptor + 14, nextIndex);
    }

    private int offer(int head, int descriptors) {
        free -= descriptors;
        inUse[head] = descriptors;
        memory.write16(layout.available(availableIndex), head);
        availableIndex = availableIndex + 1 & 0xFFFF;
        return head;
    }

    @Override
    public boolean publish() {
        memory.write16(layout.availableIndex(), availableIndex);
        int before = published;
        published = availableIndex;
        return switch (mode) {
            case FLAGS -> before != published && (memory.read16(layout.usedFlags()) & 1) == 0;
            case EVENT_INDEX -> EventIndex.passed(memory.read16(layout.availableEvent()), before, published);
        };
    }

    @Override
    public long takeUsed() {
        if (!hasUsed()) {
            return NONE;
        }
        long id = memory.read32(layout.used(takenUsed));
        long written = memory.read32(layout.used(takenUsed) + 4);
        takenUsed = takenUsed + 1 & 0xFFFF;
        release(id);
        return id << 32 | written;
    }

    private boolean hasUsed() {
        return memory.read16(layout.usedIndex()) != takenUsed;
    }

    private void release(long id) {
        if (id >= inUse.length || inUse[(int) id] == 0) {
            throw new IllegalStateException("the device gives back request " + id + ", which it does not have");
        }
        int head = (int) id;
        int last = head;
        for (int i = 1; i < inUse[head]; i++) {
            last = next[last];
        }
        next[last] = firstFree;
        firstFree = head;
        free += inUse[head];
        inUse[head] = 0;
    }

    @Override
    public boolean enableInterrupts() {
        ask(0, takenUsed);
        return hasUsed();
    }

    @Override
    public void disableInterrupts() {
        ask(1, takenUsed - 1 & 0xFFFF);
    }

    private void ask(int flags, int event) {
        boolean byIndex = mode == NotificationMode.EVENT_INDEX;
        memory.write16(byIndex ? layout.usedEvent() : layout.availableFlags(), byIndex ? event : flags);
    }

    @Override
    public void transfer(Snapshot snapshot) {
        snapshot.transfer(next);
        snapshot.transfer(inUse);
        firstFree = snapshot.transfer(firstFree);
        free = snapshot.transfer(free);
        availableIndex = snapshot.transfer(availableIndex);
        published = snapshot.transfer(published);
        takenUsed = snapshot.transfer(takenUsed);
    }
}
