package hvsim.vmm.iommu;

import hvsim.ept.EptEntry;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.Snapshot;
import hvsim.tlb.TlbTag;
import hvsim.tlb.TranslationCache;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
 * Keys have the domain and the size; sizes that no entry had since everything was forgotten are not looked for. Devices
 * go to and fro between rings and buffers: the most recent pages are at hand, and the order in which they were used is
 * told to the store when another one is asked for. {@code RingCycleBenchmark} pays for it.
 */
final class Iotlb {
    static final long NONE = 0;
    static final long STALE = 1 << 2;

    private static final int RECENT = 4;
    private static final int SIZES = PageSize.values().length;
    private static final int[] SHIFTS =
            Arrays.stream(PageSize.values()).mapToInt(PageSize::shift).toArray();

    private final TranslationCache pages;
    private int sizes;

    /** The most recent ones of the store; in which order, their last uses say. */
    private final RecentPage[] recent = new RecentPage[RECENT];

    private long uses;

    /** Up to which of them the store has the order. */
    private long told;

    Iotlb(int entries) {
        pages = new TranslationCache(entries, entries, SetIndex.MASK);
        Arrays.setAll(recent, i -> new RecentPage());
    }

    /** One of the most recent pages, which then is the most recent one; or null. */
    @Nullable
    RecentPage recent(int domain, long iova) {
        for (RecentPage page : recent) {
            if (page.has(domain, iova)) {
                page.lastUse = ++uses;
                return page;
            }
        }
        return null;
    }

    /** What is known of the 4 KiB around {@code iova}, in a page of whatever size; or {@link #NONE}. */
    long find(int domain, long iova) {
        RecentPage page = recent(domain, iova);
        return page == null ? search(domain, iova) : page.mappingOf(iova);
    }

    private long search(int domain, long iova) {
        for (int size = 0; sizes >>> size != 0; size++) {
            long key = TlbTag.key(iova, SHIFTS[size], size, domain);
            int slot = (sizes >>> size & 1) == 0 ? TranslationCache.ABSENT : pages.find(key);
            if (slot >= 0) {
                settle();
                pages.touch(key, slot);
                told = ++uses;
                return leastRecent()
                        .set(domain, iova, size, key, slot, pages.value(slot), told)
                        .mappingOf(iova);
            }
        }
        return NONE;
    }

    /** Tells the store in which order the most recent ones were used. */
    private void settle() {
        for (RecentPage next = nextAfter(told); next != null; next = nextAfter(told)) {
            pages.touch(next.key, next.slot);
            told = next.lastUse;
        }
    }

    private @Nullable RecentPage nextAfter(long use) {
        RecentPage next = null;
        for (RecentPage page : recent) {
            if (page.lastUse > use && (next == null || page.lastUse < next.lastUse)) {
                next = page;
            }
        }
        return next;
    }

    private RecentPage leastRecent() {
        RecentPage least = recent[0];
        for (RecentPage page : recent) {
            least = page.lastUse < least.lastUse ? page : least;
        }
        return least;
    }

    /** The page is not there. */
    void insert(int domain, long iova, int size, long page, long rights) {
        settleAndForget();
        sizes |= 1 << size;
        pages.insert(TlbTag.key(iova, SHIFTS[size], size, domain), page | rights & (EptEntry.READ | EptEntry.WRITE));
    }

    /** An entry is about to make room, to change, or to go. */
    private void settleAndForget() {
        settle();
        for (RecentPage page : recent) {
            page.forget();
        }
    }

    /** Software has unmapped a page. */
    void markStale(int domain, long iova) {
        settleAndForget();
        for (int size = 0; size < SIZES; size++) {
            int slot = pages.find(TlbTag.key(iova, SHIFTS[size], size, domain));
            if (slot >= 0) {
                pages.setValue(slot, pages.value(slot) | STALE);
            }
        }
    }

    void forget(int domain, long iova) {
        settleAndForget();
        for (int size = 0; size < SIZES; size++) {
            pages.remove(TlbTag.key(iova, SHIFTS[size], size, domain));
        }
    }

    void forgetDomains(boolean[] marked) {
        settleAndForget();
        pages.removeTags(marked);
    }

    void forgetAll() {
        settleAndForget();
        sizes = 0;
        pages.clear();
    }

    void transfer(Snapshot snapshot) {
        settleAndForget();
        sizes = snapshot.transfer(sizes);
        pages.transfer(snapshot);
    }
}
