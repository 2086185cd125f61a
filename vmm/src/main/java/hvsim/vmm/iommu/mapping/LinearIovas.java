package hvsim.vmm.iommu.mapping;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * The allocator that Linux had up to 4.6: ranges in the order of their addresses, searched downwards from one that is
 * remembered, until there is a gap before it.
 *
 * <pre>
 *   top                                                            0
 *   [ a ][ b ][ c ]......[ d ][ e ]..............................
 *               ^ remembered: the gap below it is the highest, as a rule
 *
 *   allocate   the search begins there; the new range is remembered
 *   free       what is above the remembered one makes its neighbour above remembered
 * </pre>
 *
 * A ring that frees and allocates in turn finds its gap at once. Where a range of another ring, far above, is freed in
 * between, it is that gap which is used, and the next search goes over all ranges in between: the long-lasting ring
 * interference of Malka et al. (FAST 2015, 4 and 5). Linux keeps the ranges in a red-black tree, of which a search uses
 * nothing but the order.
 */
final class LinearIovas implements IovaAllocator {
    private static final int NONE = -1;

    /** By its highest page, counted from the top: of a range, its length, and the neighbours above and below. */
    private int[] length = new int[64];

    private int[] above = new int[64];
    private int[] below = new int[64];

    private int highest = NONE;

    /** {@link #NONE}: the search begins at the top. */
    private int remembered = NONE;

    private long visited;

    LinearIovas() {
        insert(IovaRange.INTERRUPTS, IovaRange.INTERRUPT_PAGES, NONE, NONE);
    }

    @Override
    public int allocate(int pages) {
        int upper = remembered;
        int lower = upper == NONE ? highest : below[upper];
        while (lower != NONE && fit(upper, pages) + pages > lower) {
            upper = lower;
            lower = below[lower];
            visited++;
        }
        int top = fit(upper, pages);
        if (top + pages > IovaRange.PAGES) {
            throw new IllegalStateException("the I/O address space of " + IovaRange.PAGES + " pages is used up");
        }
        insert(top, pages, upper, lower);
        remembered = top;
        return top;
    }

    /** The highest aligned page below a range; ranges grow downwards, so it is their low end that is aligned. */
    private int fit(int upper, int pages) {
        int first = upper == NONE ? 0 : upper + length[upper];
        return first + pages - 1 & -pages;
    }

    private void insert(int top, int pages, int upper, int lower) {
        grow(top);
        length[top] = pages;
        above[top] = upper;
        below[top] = lower;
        link(upper, top);
        if (lower != NONE) {
            above[lower] = top;
        }
    }

    private void link(int upper, int lower) {
        if (upper == NONE) {
            highest = lower;
        } else {
            below[upper] = lower;
        }
    }

    private void grow(int top) {
        if (top >= length.length) {
            int size = 2 * Integer.highestOneBit(top);
            length = Arrays.copyOf(length, size);
            above = Arrays.copyOf(above, size);
            below = Arrays.copyOf(below, size);
        }
    }

    @Override
    public int pages(int top) {
        return top >= 0 && top < length.length ? length[top] : 0;
    }

    @Override
    public void free(int top) {
        if (remembered != NONE && top <= remembered) {
            remembered = above[top];
        }
        link(above[top], below[top]);
        if (below[top] != NONE) {
            above[below[top]] = above[top];
        }
        length[top] = 0;
    }

    @Override
    public long visited() {
        return visited;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        length = snapshot.transferResized(length);
        above = snapshot.transferResized(above);
        below = snapshot.transferResized(below);
        highest = snapshot.transfer(highest);
        remembered = snapshot.transfer(remembered);
        visited = snapshot.transfer(visited);
    }
}
