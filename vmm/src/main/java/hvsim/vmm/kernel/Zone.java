package hvsim.vmm.kernel;

import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.FrameAllocator;
import hvsim.vmm.memory.Frames;

/**
 * A part of guest-physical memory. Frames are handed out in ascending order; those given back are used first, the last
 * one first.
 */
final class Zone {
    private static final int NO_OWNER = 0;
    private static final long SMALL = 4096;

    private final long first;
    private final FrameAllocator allocator;
    private final Frames frames;
    private final LongStack small = new LongStack();
    private final LongStack large = new LongStack();

    /** @param what whose memory it is, for the message when it is used up */
    Zone(long first, long end, long memoryBytes, String what) {
        this.first = first;
        this.allocator = new FrameAllocator(first, end, memoryBytes, what);
        this.frames = new Frames(allocator, NO_OWNER);
    }

    boolean holds(long gpa) {
        return gpa >= first;
    }

    private LongStack free(long bytes) {
        return bytes == SMALL ? small : large;
    }

    boolean has(long bytes) {
        return !free(bytes).isEmpty() || frames.has(bytes);
    }

    long take(long bytes) {
        return free(bytes).isEmpty() ? frames.allocate(bytes) : free(bytes).pop();
    }

    void give(long gpa, long bytes) {
        free(bytes).push(gpa);
    }

    /** Bytes that have been handed out at some time. */
    long usedBytes() {
        return frames.handedOutBytes();
    }

    void transfer(Snapshot snapshot) {
        allocator.transfer(snapshot);
        frames.transfer(snapshot);
        small.transfer(snapshot);
        large.transfer(snapshot);
    }
}
