package hvsim.tlb;

import java.util.Arrays;
import java.util.List;

/**
 * A logical processor's TLBs: a first level for fetches and one for data, and a second level behind
 * them. A look-up that misses both is answered by a walk, whose result {@link #fill} puts into both.
 * The levels neither include nor exclude each other, and a hit on the first leaves the second alone.
 *
 * <pre>
 *   front[side][page number mod 64]  =  (key, translation) of an entry that is the most
 *                                       recent of its first-level set, at 4 KiB grain
 * </pre>
 *
 * The front answers the common case with one comparison: hitting the most recent entry of a set changes
 * no recency, so nothing but the front needs to be looked at. Whatever makes another entry the most
 * recent of a set takes the set's slots out of the front. {@code TranslationBenchmark} pays for it.
 */
public final class Tlb {
    public static final int FETCH_SIDE = 0;
    public static final int DATA_SIDE = 1;

    /** Where a key of the front has the page number; below it is {@link #frontTag}. */
    public static final int FRONT_PAGE_SHIFT = TlbTag.NUMBER_SHIFT;

    /** Longs of the front that belong to one side: 64 pairs. */
    private static final int FRONT_SIDE_SHIFT = 7;

    private static final int FRONT_SLOTS = 64;
    private static final int PAGE_SHIFT = PageSize.SIZE_4K.shift();
    private static final long NO_KEY = -1L;

    private final TlbSpec spec;
    private final List<TlbLevel.Built> stores;
    private final TlbLevel[] first = new TlbLevel[2];
    private final TlbLevel[] second = new TlbLevel[2];

    private final long[] front = new long[3 << FRONT_SIDE_SHIFT];
    private final long[][] frontSlotsOfSet = new long[2][];
    private final long[] frontEntryOfSet;

    private int tag;
    private int globalTag;
    private int hitCycles;

    /** False spares a search for pieces; true may come too early, which nothing can observe. */
    private boolean mayHoldCut;

    private final long[] firstMisses = new long[4];
    private final long[] secondMisses = new long[4];
    private int counted;

    /** @throws IllegalArgumentException if the parts make no TLB */
    public Tlb(TlbSpec spec) {
        this.spec = spec;
        stores = TlbLevel.build(spec);
        TlbSpec.Holds[] sides = {TlbSpec.Holds.FETCH, TlbSpec.Holds.DATA};
        int sets = stores.stream()
                .mapToInt(b -> b.cache().entries() + b.firstSet())
                .max()
                .orElse(1);
        frontEntryOfSet = new long[sets];
        for (int side = 0; side < 2; side++) {
            first[side] = TlbLevel.of(stores, 1, sides[side]);
            second[side] = TlbLevel.of(stores, 2, sides[side]);
            frontSlotsOfSet[side] = new long[sets];
        }
        Arrays.fill(front, NO_KEY);
    }

    /** From now on accesses belong to that address space; {@code globalTag} is that of its global translations. */
    public void enter(int newTag, int newGlobalTag) {
        tag = newTag;
        globalTag = newGlobalTag;
    }

    /** Counts from now on for the hypervisor's own code, or for guests. */
    public void countForHypervisor(boolean hypervisor) {
        counted = hypervisor ? 2 : 0;
    }

    /**
     * The front itself, for the core's inner loop: at {@link #frontIndex} the key, the page number above {@link
     * #frontTag}, and after it the translation.
     */
    public long[] front() {
        return front;
    }

    /** Where an access is in the front; {@code kind} is 0 for a fetch and 1 to 3 for data, others never match. */
    public static int frontIndex(int kind, long gva) {
        return kind + 3 >>> 2 << FRONT_SIDE_SHIFT | (int) (gva >>> PAGE_SHIFT - 1) & FRONT_SLOTS - 1 << 1;
    }

    /** What the front has in place of a key for the current address space and page number 0. */
    public int frontTag() {
        return tag;
    }

    /**
     * The translation of {@code gva} on either level, made the most recent; {@link Translation#NONE} is a
     * miss in both. Counts misses.
     */
    public long lookup(int side, long gva) {
        long translation = first[side].lookup(gva, tag, globalTag);
        hitCycles = 0;
        if (translation == Translation.NONE) {
            firstMisses[counted + side]++;
            translation = second[side].lookup(gva, tag, globalTag);
            if (translation == Translation.NONE) {
                secondMisses[counted + side]++;
                return Translation.NONE;
            }
            hitCycles = second[side].hitCycles();
            if (first[side].fill(gva, translation, tagFor(translation)) < 0) {
                return translation;
            }
        }
        remember(side, gva, translation);
        return translation;
    }

    /** What the last look-up cost beyond the access itself. */
    public int hitCycles() {
        return hitCycles;
    }

    /** Puts a walk's result into the second level, then into the first level of the side that missed. */
    public void fill(int side, long gva, long translation) {
        int owner = tagFor(translation);
        mayHoldCut |= (translation & Translation.CUT) != 0;
        second[side].fill(gva, translation, owner);
        if (first[side].fill(gva, translation, owner) >= 0) {
            remember(side, gva, translation);
        }
    }

    /** Drops the current space's translation of one page everywhere, before a walk renews it. */
    public void dropPage(long gva) {
        for (int side = 0; side < 2; side++) {
            first[side].removePage(gva, tag);
            first[side].removePage(gva, globalTag);
            second[side].removePage(gva, tag);
            second[side].removePage(gva, globalTag);
        }
        forgetFront();
    }

    /** Drops what the operation requires. */
    public void invalidate(Invalidation invalidation, TlbTag tags) {
        boolean[] marked = invalidation.entryTags(tags);
        forgetFront();
        if (!invalidation.isOfOneAddress()) {
            stores.forEach(s -> s.cache().removeTags(marked));
        } else if (spec.fractureFlush() && invalidation.isInvlpg() && holdsCut(marked)) {
            invalidate(invalidation.ofWholeSpace(), tags);
        } else {
            removePage(invalidation.gva(), marked);
            if (mayHoldCut && invalidation.isOfWholePage()) {
                stores.forEach(s -> s.cache().removePieces(invalidation.gva(), marked));
            }
        }
    }

    /** Drops everything. */
    public void clear() {
        stores.forEach(s -> s.cache().clear());
        mayHoldCut = false;
        forgetFront();
    }

    private boolean holdsCut(boolean[] marked) {
        return mayHoldCut && stores.stream().anyMatch(s -> s.cache().holdsFlag(marked, Translation.CUT));
    }

    private void removePage(long gva, boolean[] marked) {
        for (int t = 0; t < marked.length; t++) {
            for (int side = 0; side < 2 && marked[t]; side++) {
                first[side].removePage(gva, t);
                second[side].removePage(gva, t);
            }
        }
    }

    private int tagFor(long translation) {
        return (translation & Translation.GLOBAL) != 0 ? globalTag : tag;
    }

    private void remember(int side, long gva, long translation) {
        int set = first[side].lastSet(gva);
        long entry = TlbTag.key(gva, Translation.size(translation).shift(), Translation.sizeNumber(translation), tag);
        if (frontEntryOfSet[set] != entry) {
            takeOut(FETCH_SIDE, set);
            takeOut(DATA_SIDE, set);
            frontEntryOfSet[set] = entry;
        }
        long page = gva >>> PAGE_SHIFT;
        int slot = (int) page & FRONT_SLOTS - 1;
        frontSlotsOfSet[side][set] |= 1L << slot;
        int at = side << FRONT_SIDE_SHIFT | slot << 1;
        front[at] = page << TlbTag.NUMBER_SHIFT | tag;
        front[at + 1] = translation;
    }

    private void takeOut(int side, int set) {
        long slots = frontSlotsOfSet[side][set];
        while (slots != 0) {
            front[side << FRONT_SIDE_SHIFT | Long.numberOfTrailingZeros(slots) << 1] = NO_KEY;
            slots &= slots - 1;
        }
        frontSlotsOfSet[side][set] = 0;
    }

    private void forgetFront() {
        Arrays.fill(front, NO_KEY);
    }

    /** Name that a level counts as for one side; empty where the processor has none. */
    public String name(int level, int side) {
        return (level == 1 ? first : second)[side].name();
    }

    /** Entries of an address space and its globals that are cached on one level. */
    public int live(int level, int side, int spaceTag, int spaceGlobalTag) {
        TlbLevel l = (level == 1 ? first : second)[side];
        return l.live(spaceTag) + l.live(spaceGlobalTag);
    }

    public TlbStats stats() {
        return new TlbStats(
                firstMisses[FETCH_SIDE],
                firstMisses[DATA_SIDE],
                secondMisses[FETCH_SIDE],
                secondMisses[DATA_SIDE],
                firstMisses[2 + FETCH_SIDE],
                firstMisses[2 + DATA_SIDE],
                secondMisses[2 + FETCH_SIDE],
                secondMisses[2 + DATA_SIDE]);
    }

    /** Writes or reads the entries and counts. The front is rebuilt by use, which nothing can observe. */
    public void transfer(Snapshot snapshot) {
        stores.forEach(s -> s.cache().transfer(snapshot));
        tag = snapshot.transfer(tag);
        globalTag = snapshot.transfer(globalTag);
        counted = snapshot.transfer(counted);
        snapshot.transfer(firstMisses);
        snapshot.transfer(secondMisses);
        mayHoldCut |= snapshot.isLoading();
        forgetFront();
    }
}
