package hvsim.vmm.iommu;

import hvsim.tlb.SetIndex;
import hvsim.tlb.Snapshot;
import hvsim.tlb.TlbTag;
import hvsim.tlb.TranslationCache;

/**
 * Which domain a requester is of, and where that domain's tables are.
 *
 * <pre>
 *   63      48 47   42 41                           8 7     4 3  2     0
 *  +----------+-------+------------------------------+-------+--+-------+
 *  | domain   |       | frame of the root            |       |1 |levels |    levels 0: passed through
 *  +----------+-------+------------------------------+-------+--+-------+
 * </pre>
 */
final class ContextCache {
    static final long NONE = 0;

    private static final long KNOWN = 1 << 3;
    private static final int DOMAIN_SHIFT = 48;
    private static final int FRAME_SHIFT = 8;
    private static final int PAGE_SHIFT = 12;
    private static final int NOBODY = -1;

    private final TranslationCache known;

    /** The most recent one: looking for it again changes nothing. */
    private int recent = NOBODY;

    private long recentContext;

    ContextCache(int entries) {
        known = new TranslationCache(entries, entries, SetIndex.MASK);
    }

    static long pack(int domain, long rootHpa, int levels) {
        return (long) domain << DOMAIN_SHIFT | rootHpa >>> PAGE_SHIFT << FRAME_SHIFT | KNOWN | levels;
    }

    static int domain(long context) {
        return (int) (context >>> DOMAIN_SHIFT);
    }

    static long root(long context) {
        return context << 64 - DOMAIN_SHIFT >>> 64 - DOMAIN_SHIFT + FRAME_SHIFT << PAGE_SHIFT;
    }

    static int levels(long context) {
        return (int) context & 7;
    }

    /** Whether it is the most recent one. */
    boolean isRecent(int requester) {
        return requester == recent;
    }

    int recentDomain() {
        return domain(recentContext);
    }

    /** {@link #NONE} if it is not known. */
    long find(int requester) {
        if (requester == recent) {
            return recentContext;
        }
        int slot = known.findAndTouch(key(requester));
        if (slot < 0) {
            return NONE;
        }
        recent = requester;
        recentContext = known.value(slot);
        return recentContext;
    }

    void insert(int requester, long context) {
        known.insert(key(requester), context);
        recent = requester;
        recentContext = context;
    }

    void forget(int requester) {
        known.remove(key(requester));
        recent = NOBODY;
    }

    /** Also what is asked for one domain: hardware may forget more than it is told to. */
    void forgetAll() {
        known.clear();
        recent = NOBODY;
    }

    private static long key(int requester) {
        return TlbTag.key(requester, 0, 0, 0);
    }

    void transfer(Snapshot snapshot) {
        known.transfer(snapshot);
        recent = NOBODY;
    }
}
