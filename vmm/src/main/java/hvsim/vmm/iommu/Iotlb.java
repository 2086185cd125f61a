package hvsim.vmm.iommu;

import hvsim.ept.EptEntry;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.Snapshot;
import hvsim.tlb.TlbTag;
import hvsim.tlb.TranslationCache;
import java.util.Arrays;

/**
 * The pages of domains that were translated last; of each its size, and what all entries together allow.
 *
 * <pre>
 *   51                          12 11   3 2 1 0
 *  +------------------------------+------+-+-+-+
 *  | machine address of the page  |      |s|W|R|   s: software has unmapped it; hardware does not know
 *  +------------------------------+------+-+-+-+
 * </pre>
 *
 * Keys have the domain and the size; sizes that no entry had since everything was forgotten are not looked for.
 */
final class Iotlb {
    static final long NONE = 0;
    static final long STALE = 1 << 2;

    private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;
    private static final int SIZES = PageSize.values().length;
    private static final int[] SHIFTS =
            Arrays.stream(PageSize.values()).mapToInt(PageSize::shift).toArray();
    private static final long NO_KEY = -1;

    private final TranslationCache pages;
    private int sizes;

    /** The most recent one: looking for it again changes nothing. */
    private long recentKey = NO_KEY;

    private long recentMapping;

    Iotlb(int entries) {
        pages = new TranslationCache(entries, entries, SetIndex.MASK);
    }

    /** What is known of the page around {@code iova}, of whatever size, with its address moved up to the 4 KiB around it. */
    long find(int domain, long iova) {
        for (int size = 0; sizes >>> size != 0; size++) {
            if ((sizes >>> size & 1) != 0) {
                long mapping = find(TlbTag.key(iova, SHIFTS[size], size, domain));
                if (mapping != NONE) {
                    return mapping + (iova & (1L << SHIFTS[size]) - 1 & ADDRESS);
                }
            }
        }
        return NONE;
    }

    private long find(long key) {
        if (key == recentKey) {
            return recentMapping;
        }
        int slot = pages.findAndTouch(key);
        if (slot < 0) {
            return NONE;
        }
        recentKey = key;
        recentMapping = pages.value(slot);
        return recentMapping;
    }

    /** The page is not there. */
    void insert(int domain, long iova, int size, long page, long rights) {
        sizes |= 1 << size;
        recentKey = TlbTag.key(iova, SHIFTS[size], size, domain);
        recentMapping = page | rights & (EptEntry.READ | EptEntry.WRITE);
        pages.insert(recentKey, recentMapping);
    }

    /** Software has unmapped a page. */
    void markStale(int domain, long iova) {
        recentKey = NO_KEY;
        for (int size = 0; size < SIZES; size++) {
            int slot = pages.find(TlbTag.key(iova, SHIFTS[size], size, domain));
            if (slot >= 0) {
                pages.setValue(slot, pages.value(slot) | STALE);
            }
        }
    }

    void forget(int domain, long iova) {
        recentKey = NO_KEY;
        for (int size = 0; size < SIZES; size++) {
            pages.remove(TlbTag.key(iova, SHIFTS[size], size, domain));
        }
    }

    void forgetDomains(boolean[] marked) {
        recentKey = NO_KEY;
        pages.removeTags(marked);
    }

    void forgetAll() {
        recentKey = NO_KEY;
        sizes = 0;
        pages.clear();
    }

    void transfer(Snapshot snapshot) {
        recentKey = NO_KEY;
        sizes = snapshot.transfer(sizes);
        pages.transfer(snapshot);
    }
}
