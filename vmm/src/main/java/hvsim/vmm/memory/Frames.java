package hvsim.vmm.memory;

import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One owner's share of an address space. Small pages come one after the other from blocks of 2 MiB, so that
 * owners who take turns do not shred the space, and large pages stay aligned.
 */
public final class Frames {
    private static final long SMALL = PageSize.SIZE_4K.bytes();
    private static final long BLOCK = PageSize.SIZE_2M.bytes();

    private final List<FrameAllocator> nearestFirst;
    private final int owner;
    private final @Nullable MemoryMap behind;
    private long nextSmall;
    private long smallEnd;
    private long handedOutBytes;

    public Frames(FrameAllocator space, int owner) {
        this(List.of(space), owner, null);
    }

    /** Frames of a guest's physical memory: with small ones, and only those, comes the machine memory behind them. */
    Frames(FrameAllocator space, int owner, MemoryMap behind) {
        this(List.of(space), owner, behind);
    }

    /** @param nearestFirst where frames come from: the first one that has any */
    Frames(List<FrameAllocator> nearestFirst, int owner) {
        this(nearestFirst, owner, null);
    }

    private Frames(List<FrameAllocator> nearestFirst, int owner, @Nullable MemoryMap behind) {
        this.behind = behind;
        this.nearestFirst = List.copyOf(nearestFirst);
        this.owner = owner;
    }

    /**
     * Address of a free page.
     *
     * @throws OutOfFramesException if none is left
     */
    public long allocate(PageSize size) {
        return allocate(size.bytes());
    }

    /** The same of so many bytes, a power of two from 4 KiB up. */
    public long allocate(long pageBytes) {
        handedOutBytes += pageBytes;
        if (pageBytes != SMALL) {
            return nearestWith(pageBytes).allocate(pageBytes, owner);
        }
        if (nextSmall == smallEnd) {
            FrameAllocator space = nearestWith(SMALL);
            long bytes = space.has(BLOCK) ? BLOCK : SMALL;
            nextSmall = space.allocate(bytes, owner);
            smallEnd = nextSmall + bytes;
        }
        long address = nextSmall;
        nextSmall += SMALL;
        if (behind != null) {
            behind.back(address);
        }
        return address;
    }

    /** Whether one more page of so many bytes is left. */
    public boolean has(long pageBytes) {
        return pageBytes == SMALL && nextSmall != smallEnd
                || nearestFirst.stream().anyMatch(space -> space.has(pageBytes));
    }

    private FrameAllocator nearestWith(long bytes) {
        for (FrameAllocator space : nearestFirst) {
            if (space.has(bytes)) {
                return space;
            }
        }
        return nearestFirst.get(0);
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
