package hvsim.vmm.kernel;

import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.FrameAllocator;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MemoryTechnique;
import java.util.Arrays;

/**
 * Guest-physical memory as the guest's kernel gives it out: pages, counted by the tables that map them, and tables.
 * Frames are handed out in ascending order; those given back are used first, the last one first.
 */
final class GuestFrames {
    private static final int NO_OWNER = 0;

    private final GuestMemorySpec spec;
    private final MemoryTechnique memory;
    private final FrameAllocator allocator;
    private final Frames frames;
    private final LongStack small = new LongStack();
    private final LongStack large = new LongStack();

    /** By number of a page's first frame: how many tables map it. */
    private int[] users = new int[64];

    private long pageBytes;

    GuestFrames(GuestMemorySpec spec, MemoryTechnique memory) {
        this.spec = spec;
        this.memory = memory;
        this.allocator = new FrameAllocator(spec.bytes(), "the memory of VM " + spec.vm());
        this.frames = new Frames(allocator, NO_OWNER);
    }

    PageSize page() {
        return spec.guestPage();
    }

    /** A frame for a table, or another one of the kernel's own: there is machine memory behind it. */
    long takeTable() {
        long gpa = take(PageSize.SIZE_4K);
        memory.back(gpa);
        return gpa;
    }

    /** A page of {@link #page} with one user. */
    long takePage() {
        long gpa = take(page());
        int frame = (int) (gpa >>> PageSize.SIZE_4K.shift());
        if (frame >= users.length) {
            users = Arrays.copyOf(users, Math.max(frame + 1, 2 * users.length));
        }
        users[frame] = 1;
        pageBytes += page().bytes();
        if (spec.premapped()) {
            backAll(gpa);
        }
        return gpa;
    }

    private long take(PageSize size) {
        LongStack free = size == PageSize.SIZE_4K ? small : large;
        return free.isEmpty() ? frames.allocate(size) : free.pop();
    }

    private void backAll(long gpa) {
        long step = Math.min(page().bytes(), spec.hostPage().bytes());
        for (long offset = 0; offset < page().bytes(); offset += step) {
            memory.back(gpa + offset);
        }
    }

    int users(long gpa) {
        return users[(int) (gpa >>> PageSize.SIZE_4K.shift())];
    }

    /** One more table maps the page. */
    void share(long gpa) {
        users[(int) (gpa >>> PageSize.SIZE_4K.shift())]++;
    }

    /** One table less maps the page; without any it is free. */
    void leavePage(long gpa) {
        if (--users[(int) (gpa >>> PageSize.SIZE_4K.shift())] == 0) {
            pageBytes -= page().bytes();
            give(gpa, page());
        }
    }

    /** Gives back a table, whose entries are all 0. */
    void giveTable(long gpa) {
        give(gpa, PageSize.SIZE_4K);
    }

    private void give(long gpa, PageSize size) {
        (size == PageSize.SIZE_4K ? small : large).push(gpa);
    }

    /** Bytes that have been handed out at some time. */
    long usedBytes() {
        return frames.handedOutBytes();
    }

    /** Bytes of the pages that have a user at present. */
    long pageBytes() {
        return pageBytes;
    }

    void transfer(Snapshot snapshot) {
        allocator.transfer(snapshot);
        frames.transfer(snapshot);
        small.transfer(snapshot);
        large.transfer(snapshot);
        users = snapshot.transferResized(users);
        pageBytes = snapshot.transfer(pageBytes);
    }
}
