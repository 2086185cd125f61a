package hvsim.tlb;

import java.util.List;

/**
 * A logical processor's TLBs: a first level for fetches and one for data, and a second level behind
 * them. A look-up that misses both is answered by a walk, whose result {@link #fill} puts into both.
 * The levels neither include nor exclude each other, and a hit on the first leaves the second alone.
 *
 * <p>The core asks the {@link Front} first.
 */
public final class Tlb {
    public static final int FETCH_SIDE = 0;
    public static final int DATA_SIDE = 1;

    private final TlbSpec spec;
    private final List<TlbLevel.Built> stores;
    private final TlbLevel[] first = new TlbLevel[2];
    private final TlbLevel[] second = new TlbLevel[2];

    private final Front front;

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
        front = new Front(sets);
        for (int side = 0; side < 2; side++) {
            first[side] = TlbLevel.of(stores, 1, sides[side]);
            second[side] = TlbLevel.of(stores, 2, sides[side]);
        }
    }

    /** From now on accesses belong to that address space; {@code globalTag} is that of its global translations. */
    public void enter(int newTag, int newGlobalTag) {
        tag = newTag;
        globalTag = newGlobalTag;
        front.enterSpace(newTag);
    }

    /** Counts from now on for the hypervisor's own code, or for guests. */
    public void countForHypervisor(boolean hypervisor) {
        counted = hypervisor ? 2 : 0;
    }

    /** What answers the common case. */
    public Front front() {
        return front;
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
            first[side].fill(gva, translation, tagFor(translation));
        }
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
        first[side].fill(gva, translation, owner);
    }

    /**
     * The access that was just looked up, or whose translation was just put in, is allowed: the front may answer
     * its like.
     *
     * @param kind 0 for a fetch, 1 to 3 for kinds of data access
     */
    public void allow(int kind, long gva) {
        TlbLevel level = first[kind == 0 ? FETCH_SIDE : DATA_SIDE];
        if (level.hasLast()) {
            front.remember(kind, gva, level.lastSet(), level.lastKey());
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
        front.forget();
    }

    /** Drops what the operation requires. */
    public void invalidate(Invalidation invalidation, TlbTag tags) {
        boolean[] marked = invalidation.entryTags(tags);
        front.forget();
        if (!invalidation.isOfOneAddress()) {
            stores.forEach(s -> s.cache().removeTags(marked));
        } else if (spec.fractureFlush() && invalidation.isInvlpg() && holdsFractured(marked)) {
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
        front.forget();
    }

    private boolean holdsFractured(boolean[] marked) {
        return mayHoldCut && stores.stream().anyMatch(s -> s.cache().holdsFractured(marked));
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

    /** Name that a level counts as for one side; empty where the processor has none. */
    public String name(int level, int side) {
        return (level == 1 ? first : second)[side].name();
    }

    /** Sees a translation that is cached, and the address space that it belongs to, as {@link TlbTag} has it. */
    public interface Visitor {
        void visit(int vpid, int pcid, long ep4ta, long gva, long translation);
    }

    /** Shows all that both levels hold; one translation may be on several places. */
    public void forEach(TlbTag tags, Visitor visitor) {
        stores.forEach(s -> s.cache().forEach((key, translation) -> {
            int tag = TlbTag.tagOf(key);
            long gva = TlbTag.numberOf(key) << Translation.size(translation).shift();
            visitor.visit(tags.vpid(tag), tags.pcid(tag), tags.ep4ta(tag), gva, translation);
        }));
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
        enter(snapshot.transfer(tag), snapshot.transfer(globalTag));
        counted = snapshot.transfer(counted);
        snapshot.transfer(firstMisses);
        snapshot.transfer(secondMisses);
        mayHoldCut |= snapshot.isLoading();
        front.forget();
    }
}
