package hvsim.vmm.memory;

import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;

/**
 * One owner's share of an address space. Small pages come one after the other from blocks of 2 MiB, so that
 * owners who take turns do not shred the space, and large pages stay aligned.
 */
public final class Frames {
    private static final long SMALL = PageSize.SIZE_4K.bytes();
    private static final long BLOCK = PageSize.SIZE_2M.bytes();

    private final FrameAllocator space;
    private final int owner;
    private long nextSmall;
    private long smallEnd;
    private long handedOutBytes;

    public Frames(FrameAllocator space, int owner) {
        this.space = space;
        this.owner = owner;
    }

    /**
     * Address of a free page.
     *
     * @throws OutOfFramesException if none is left
     */
    public long allocate(PageSize size) {
        handedOutBytes += size.bytes();
        if (size != PageSize.SIZE_4K) {
            return space.allocate(size.bytes(), owner);
        }
        if (nextSmall == smallEnd) {
            long bytes = space.has(BLOCK) ? BLOCK : SMALL;
            nextSmall = space.allocate(bytes, owner);
            smallEnd = nextSmall + bytes;
        }
        long address = nextSmall;
        nextSmall += SMALL;
        return address;
    }

    public int owner() {
        return owner;
    }

    /** Bytes of all pages handed out. */
    public long handedOutBytes() {
        return handedOutBytes;
    }

    public void transfer(Snapshot snapshot) {
        nextSmall = snapshot.transfer(nextSmall);
        smallEnd = snapshot.transfer(smallEnd);
        handedOutBytes = snapshot.transfer(handedOutBytes);
    }
}
