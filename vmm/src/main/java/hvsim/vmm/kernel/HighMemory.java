package hvsim.vmm.kernel;

import hvsim.ept.GuestEntry;
import hvsim.ept.GuestPage;
import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * Windows of a 32-bit kernel onto memory that its direct map does not reach: two for each virtual processor, for copies,
 * in turn. Another page in a window is a new entry, and an INVLPG (as Linux's kmap_atomic).
 */
final class HighMemory {
    private static final int WINDOWS = 2;
    private static final int PAGE_BYTES = 4096;
    private static final long NOTHING = -1;

    private final long base;
    private final long flags;

    /** By virtual processor: the pages behind its windows. */
    private final long[] seen;

    /** By virtual processor: the window that was used last. */
    private final int[] last;

    HighMemory(long base, long flags, int vcpus) {
        this.base = base;
        this.flags = flags;
        this.seen = new long[vcpus * WINDOWS];
        this.last = new int[vcpus];
        Arrays.fill(seen, NOTHING);
    }

    /** Address at which a virtual processor sees {@code gpa} when the code has run. */
    long map(KernelImage image, int vcpu, long gpa, KernelCode code) {
        long page = gpa & -PAGE_BYTES;
        for (int window = vcpu * WINDOWS; window < (vcpu + 1) * WINDOWS; window++) {
            if (seen[window] == page) {
                return at(window, gpa);
            }
        }
        last[vcpu] = (last[vcpu] + 1) % WINDOWS;
        int window = vcpu * WINDOWS + last[vcpu];
        seen[window] = page;
        long gva = at(window, page);
        image.setLeaf(gva, GuestPage.KIB_4, GuestPage.KIB_4.leaf(page, flags & ~GuestEntry.GLOBAL));
        code.writeEntry(image.table().entryAddress(gva, 1)).invalidate(gva);
        return at(window, gpa);
    }

    private long at(int window, long gpa) {
        return base + (long) window * PAGE_BYTES + (gpa & PAGE_BYTES - 1);
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(seen);
        snapshot.transfer(last);
    }
}
