package hvsim.vmm.memory;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/** The frames of one stretch of an address space, handed out in ascending order in extents that each have one owner. */
public final class FrameAllocator {
    /** Nobody's. */
    static final int NOBODY = -1;

    private final long sizeBytes;
    private final long end;
    private final String what;
    private long next;

    /** Extents in ascending order: first address, and the owner from there on. */
    private long[] start = new long[8];

    private int[] owner = new int[8];
    private int extents;

    /** @param what for the message when it is used up, such as "the machine's memory" */
    public FrameAllocator(long sizeBytes, String what) {
        this(0, sizeBytes, sizeBytes, what);
    }

    /** The part of the space from one address up to another. */
    public FrameAllocator(long first, long end, long sizeBytes, String what) {
        this.sizeBytes = sizeBytes;
        this.next = first;
        this.end = end;
        this.what = what;
    }

    /** Whether an extent of that size, aligned to it, is left. */
    boolean has(long bytes) {
        return aligned(bytes) + bytes <= end;
    }

    /**
     * Address of an extent of {@code bytes}, a power of two, aligned to it.
     *
     * @throws OutOfFramesException if there is none left
     */
    long allocate(long bytes, int newOwner) {
        if (!has(bytes)) {
            throw new OutOfFramesException(what, sizeBytes);
        }
        long address = aligned(bytes);
        next = address + bytes;
        if (extents == 0 || owner[extents - 1] != newOwner) {
            addExtent(address, newOwner);
        }
        return address;
    }

    private long aligned(long bytes) {
        return next + bytes - 1 & -bytes;
    }

    private void addExtent(long address, int newOwner) {
        if (extents == start.length) {
            start = Arrays.copyOf(start, 2 * extents);
            owner = Arrays.copyOf(owner, 2 * extents);
        }
        start[extents] = address;
        owner[extents++] = newOwner;
    }

    /** Owner of the frame at {@code address}, or {@link #NOBODY}. */
    int ownerOf(long address) {
        int i = Arrays.binarySearch(start, 0, extents, address);
        int extent = i >= 0 ? i : -i - 2;
        return address >= next || extent < 0 ? NOBODY : owner[extent];
    }

    public void transfer(Snapshot snapshot) {
        next = snapshot.transfer(next);
        start = snapshot.transferResized(start);
        owner = snapshot.transferResized(owner);
        extents = snapshot.transfer(extents);
    }
}
