package hvsim.multiqueue.virtio;

import static hvsim.multiqueue.virtio.SplitLayout.DESCRIPTOR_BYTES;
import static hvsim.multiqueue.virtio.SplitLayout.INDIRECT;
import static hvsim.multiqueue.virtio.SplitLayout.NEXT;
import static hvsim.multiqueue.virtio.SplitLayout.WRITE;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.RingFault;

/** Reads the descriptors of one request, of which a hostile driver may have written anything. */
final class DescriptorWalk {
    private static final int MOST_IN_A_TABLE = 1 << 16;

    private final BusMemory memory;

    DescriptorWalk(BusMemory memory) {
        this.memory = memory;
    }

    /** A split queue's chain: plain descriptors, of which the last may stand for a table of more. */
    RingFault chain(SplitLayout layout, int head, Chain chain) {
        return linked(layout.descriptorArea(), layout.size(), head, chain, false);
    }

    /** Follows {@code next} through a table. */
    private RingFault linked(long table, int size, int head, Chain chain, boolean nested) {
        int index = head;
        for (int seen = 0; seen < size; seen++) {
            if (index >= size) {
                return RingFault.DESCRIPTOR_OUT_OF_RANGE;
            }
            long descriptor = table + (long) DESCRIPTOR_BYTES * index;
            int flags = memory.read16(descriptor + 12);
            if ((flags & INDIRECT) != 0) {
                return nested ? RingFault.BAD_INDIRECT : linkedTable(descriptor, flags, chain);
            }
            RingFault fault = buffer(descriptor, flags, chain);
            if (fault != RingFault.NONE || (flags & NEXT) == 0) {
                return fault;
            }
            index = memory.read16(descriptor + 14);
        }
        return RingFault.DESCRIPTOR_LOOP;
    }

    private RingFault linkedTable(long descriptor, int flags, Chain chain) {
        RingFault fault = table(descriptor, flags);
        return fault == RingFault.NONE ? linked(memory.read64(descriptor), entries(descriptor), 0, chain, true) : fault;
    }

    /** A packed queue's table: one descriptor after the other, without {@code next}. */
    RingFault packedTable(long descriptor, int flags, Chain chain) {
        RingFault fault = table(descriptor, flags);
        long entry = memory.read64(descriptor);
        int left = fault == RingFault.NONE ? entries(descriptor) : 0;
        for (; fault == RingFault.NONE && left > 0; left--, entry += DESCRIPTOR_BYTES) {
            int entryFlags = memory.read16(entry + 14);
            fault = (entryFlags & INDIRECT) == 0 ? buffer(entry, entryFlags, chain) : RingFault.BAD_INDIRECT;
        }
        return fault;
    }

    private RingFault table(long descriptor, int flags) {
        long bytes = memory.read32(descriptor + 8);
        if ((flags & NEXT) != 0
                || bytes == 0
                || bytes % DESCRIPTOR_BYTES != 0
                || entries(descriptor) > MOST_IN_A_TABLE) {
            return RingFault.BAD_INDIRECT;
        }
        return memory.reaches(memory.read64(descriptor), bytes, false) ? RingFault.NONE : RingFault.BUFFER_OUT_OF_REACH;
    }

    private int entries(long descriptor) {
        return (int) (memory.read32(descriptor + 8) / DESCRIPTOR_BYTES);
    }

    /** Adds the buffer of one descriptor; address and length are at the same place in both formats. */
    RingFault buffer(long descriptor, int flags, Chain chain) {
        long address = memory.read64(descriptor);
        long length = memory.read32(descriptor + 8);
        boolean writable = (flags & WRITE) != 0;
        return memory.reaches(address, length, writable)
                ? chain.add(address, length, writable)
                : RingFault.BUFFER_OUT_OF_REACH;
    }
}
