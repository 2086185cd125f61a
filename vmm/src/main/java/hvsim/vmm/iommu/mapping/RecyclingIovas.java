package hvsim.vmm.iommu.mapping;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * The allocator of the plus variants: what was freed is kept, by size, and handed out again in constant time; only what was
 * never freed before is searched for, and as nothing ever comes back to the search, it finds its gap at once (EiovaR: Malka et
 * al., FAST 2015, 6).
 */
final class RecyclingIovas implements IovaAllocator {
    private static final int SIZES = 20;

    private final LinearIovas rest = new LinearIovas();
    private final int[][] kept = new int[SIZES][8];
    private final int[] count = new int[SIZES];

    @Override
    public int allocate(int pages) {
        int size = Integer.numberOfTrailingZeros(pages);
        return count[size] == 0 ? rest.allocate(pages) : kept[size][--count[size]];
    }

    @Override
    public int pages(int top) {
        return rest.pages(top);
    }

    @Override
    public void free(int top) {
        int size = Integer.numberOfTrailingZeros(rest.pages(top));
        if (count[size] == kept[size].length) {
            kept[size] = Arrays.copyOf(kept[size], 2 * count[size]);
        }
        kept[size][count[size]++] = top;
    }

    @Override
    public long visited() {
        return rest.visited();
    }

    @Override
    public void transfer(Snapshot snapshot) {
        rest.transfer(snapshot);
        for (int size = 0; size < SIZES; size++) {
            kept[size] = snapshot.transferResized(kept[size]);
        }
        snapshot.transfer(count);
    }
}
