package hvsim.vmm.kernel;

import hvsim.ept.GuestPage;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.MemoryTechnique;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Guest-physical memory as the guest's kernel gives it out: pages, counted by the tables that map them, and tables. What
 * the kernel's direct map reaches is kept for tables as long as there is memory beyond, which is good for pages only.
 */
final class GuestFrames {
    private static final int FRAME_SHIFT = 12;
    private static final long TABLE_BYTES = 1 << FRAME_SHIFT;

    private final GuestMemorySpec spec;
    private final MemoryTechnique memory;
    private final Zone low;

    /** Beyond the direct map first. */
    private final List<Zone> zones = new ArrayList<>();

    /** By number of a page's first frame: how many tables map it. */
    private int[] users = new int[64];

    private final LongStack extra = new LongStack();
    private long nextExtra;

    private long pageBytes;

    GuestFrames(GuestMemorySpec spec, MemoryTechnique memory) {
        this.spec = spec;
        this.nextExtra = spec.bytes();
        this.memory = memory;
        String what = "the memory of VM " + spec.vm();
        long lowEnd = Math.min(spec.bytes(), SpaceLayout.of(spec.mode()).directBytes());
        this.low = new Zone(0, lowEnd, spec.bytes(), what);
        if (lowEnd < spec.bytes()) {
            zones.add(new Zone(lowEnd, spec.bytes(), spec.bytes(), what));
        }
        zones.add(low);
    }

    GuestPage page() {
        return spec.guestPage();
    }

    /** A frame for a table, or another one of the kernel's own: there is machine memory behind it. */
    long takeTable() {
        long gpa = low.take(TABLE_BYTES);
        memory.back(gpa);
        return gpa;
    }

    /** Memory for a device to write, or to read: so many bytes, a power of two, with machine memory behind them. */
    long takeBuffers(int bytes) {
        long gpa = low.take(bytes);
        for (long offset = 0; offset < bytes; offset += TABLE_BYTES) {
            memory.back(gpa + offset);
        }
        return gpa;
    }

    /** A frame, all zeros, of those that a changed kernel has beyond the memory of a bare machine. */
    long takeExtra() {
        long gpa = extra.isEmpty() ? nextExtra : extra.pop();
        nextExtra += gpa == nextExtra ? TABLE_BYTES : 0;
        memory.back(gpa);
        return gpa;
    }

    void giveExtra(long gpa) {
        extra.push(gpa);
    }

    /** A page of {@link #page} with one user. */
    long takePage() {
        long gpa = zones.stream()
                .filter(zone -> zone.has(page().bytes()))
                .findFirst()
                .orElse(low)
                .take(page().bytes());
        int frame = (int) (gpa >>> FRAME_SHIFT);
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

    private void backAll(long gpa) {
        long step = Math.min(page().bytes(), spec.hostPage().bytes());
        for (long offset = 0; offset < page().bytes(); offset += step) {
            memory.back(gpa + offset);
        }
    }

    int users(long gpa) {
        return users[(int) (gpa >>> FRAME_SHIFT)];
    }

    /** One more table maps the page. */
    void share(long gpa) {
        users[(int) (gpa >>> FRAME_SHIFT)]++;
    }

    /** One table less maps the page; without any it is free. */
    void leavePage(long gpa) {
        if (--users[(int) (gpa >>> FRAME_SHIFT)] == 0) {
            pageBytes -= page().bytes();
            give(gpa, page().bytes());
        }
    }

    /** Gives back a table, whose entries are all 0. */
    void giveTable(long gpa) {
        give(gpa, TABLE_BYTES);
    }

    private void give(long gpa, long bytes) {
        zones.stream().filter(zone -> zone.holds(gpa)).findFirst().orElse(low).give(gpa, bytes);
    }

    /** Bytes that have been handed out at some time. */
    long usedBytes() {
        return zones.stream().mapToLong(Zone::usedBytes).sum();
    }

    /** Bytes of the pages that have a user at present. */
    long pageBytes() {
        return pageBytes;
    }

    void transfer(Snapshot snapshot) {
        zones.forEach(zone -> zone.transfer(snapshot));
        extra.transfer(snapshot);
        nextExtra = snapshot.transfer(nextExtra);
        users = snapshot.transferResized(users);
        pageBytes = snapshot.transfer(pageBytes);
    }
}
