package hvsim.multiqueue.nvme;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.RingFault;

/**
 * Reads the pages of a command's data: PRP1, then PRP2 if it is one page more, else the list that PRP2 points to.
 * The last entry of a page of the list points to the next page of it, if there is more.
 */
final class PrpWalk {
    private static final int PAGE = 4096;
    private static final int ENTRY_BYTES = 8;

    private final BusMemory memory;

    private long left;
    private boolean writable;

    PrpWalk(BusMemory memory) {
        this.memory = memory;
    }

    RingFault follow(NvmeCommand command, long bytes, boolean deviceWrites, Chain chain) {
        left = bytes;
        writable = deviceWrites;
        RingFault fault = page(command.prp1(), chain);
        if (fault != RingFault.NONE || left == 0) {
            return fault;
        }
        return left <= PAGE ? aligned(command.prp2(), chain) : list(command.prp2(), chain);
    }

    private RingFault list(long start, Chain chain) {
        if ((start & ENTRY_BYTES - 1) != 0) {
            return RingFault.BAD_PRP;
        }
        long entry = start;
        while (left > 0) {
            if (!memory.reaches(entry, ENTRY_BYTES, false)) {
                return RingFault.BUFFER_OUT_OF_REACH;
            }
            long value = memory.read64(entry);
            boolean toNextPage = (entry & PAGE - 1) == PAGE - ENTRY_BYTES && left > PAGE;
            RingFault fault = toNextPage ? alignedPointer(value) : aligned(value, chain);
            if (fault != RingFault.NONE) {
                return fault;
            }
            entry = toNextPage ? value : entry + ENTRY_BYTES;
        }
        return RingFault.NONE;
    }

    private static RingFault alignedPointer(long address) {
        return (address & PAGE - 1) == 0 ? RingFault.NONE : RingFault.BAD_PRP;
    }

    private RingFault aligned(long address, Chain chain) {
        RingFault fault = alignedPointer(address);
        return fault == RingFault.NONE ? page(address, chain) : fault;
    }

    /** Up to the end of the page. */
    private RingFault page(long address, Chain chain) {
        if ((address & 3) != 0) {
            return RingFault.BAD_PRP;
        }
        long length = Math.min(left, PAGE - (address & PAGE - 1));
        left -= length;
        return memory.reaches(address, length, writable)
                ? chain.add(address, length, writable)
                : RingFault.BUFFER_OUT_OF_REACH;
    }
}
