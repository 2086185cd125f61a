package hvsim.tlb;

import java.util.Arrays;

/**
 * The one set-associative store: first and second-level TLBs, paging-structure caches and the nested
 * TLB are each one of these.
 *
 * <pre>
 *            way 0   way 1   way 2   way 3
 *   set 0   [key|v] [key|v] [key|v] [key|v]     entries stay where they are; which one makes room:
 *                                               lru, fifo   {@link UseRings}: the last of the set's ring
 *   set 1   [key|v] ...                         tree_plru   {@link PlruTrees}
 *                                               random      {@link RandomWays}
 * </pre>
 *
 * A use matters to lru and tree_plru alone, and the use of the entry that was used last in its set to none: the
 * {@link Front} relies on that. An invalid way is used first: with a tree or at random, where it matters, the one of
 * lowest number. To invalidate an entry changes no tree.
 *
 * <p>Sets of more than {@value #SEARCHED_WAYS} ways are looked up through a hash index in place of a search; what each
 * form costs is measured by {@code TranslationCacheBenchmark}.
 */
public final class TranslationCache {
    /** A slot number that means "not there". */
    public static final int ABSENT = -1;

    private static final long INVALID = -1L;
    private static final int SEARCHED_WAYS = 8;

    /** Page numbers are narrower, so that nothing is left of them to xor with. */
    private static final int NO_XOR = 63;

    private final int sets;
    private final int ways;
    private final boolean modulo;
    private final int xorShift;
    private final long reciprocal;

    private final long[] keys;
    private final long[] values;
    private final TagCounts counts = new TagCounts();

    private final Replacement replacement;

    /** For lru and fifo. */
    private final UseRings rings;

    private final boolean ringed;
    private final PlruTrees trees;
    private final RandomWays random;

    /** For sets too wide to be searched; knows nothing otherwise. */
    private final SlotIndex index;

    private final boolean indexed;

    /** Replaces the least recently used; the rest as for the other constructor. */
    public TranslationCache(int entries, int ways, SetIndex setIndex) {
        this(entries, ways, setIndex, Replacement.LRU, 0);
    }

    /**
     * @param entries at least 1; a multiple of {@code ways}
     * @param ways at least 1
     * @param seed of random replacement
     * @throws IllegalArgumentException if the sets are no whole number, or no power of two where the set
     *     index needs one; or the ways no power of two where a tree needs one
     */
    public TranslationCache(int entries, int ways, SetIndex setIndex, Replacement replacement, long seed) {
        this(entries, ways, wholeSets(entries, ways), setIndex, replacement, seed);
    }

    private TranslationCache(int entries, int ways, int sets, SetIndex setIndex, Replacement replacement, long seed) {
        this.sets = sets;
        this.ways = ways;
        boolean powerOfTwo = Integer.bitCount(sets) == 1;
        if (setIndex != SetIndex.MODULO && !powerOfTwo) {
            throw new IllegalArgumentException(sets + " sets are no power of two; use set_index: modulo");
        }
        this.modulo = !powerOfTwo;
        this.xorShift = setIndex == SetIndex.XOR ? Integer.numberOfTrailingZeros(sets) : NO_XOR;
        this.reciprocal = powerOfTwo ? 0 : Long.divideUnsigned(-1L, sets) + 1;
        this.keys = new long[entries];
        this.values = new long[entries];
        this.replacement = replacement;
        replacement.checkWays(ways);
        this.ringed = replacement == Replacement.LRU || replacement == Replacement.FIFO;
        this.rings = new UseRings(ringed ? sets : 0, ways);
        boolean treed = replacement == Replacement.TREE_PLRU;
        this.trees = new PlruTrees(treed ? sets : 0, treed ? ways : 1);
        this.random = new RandomWays(seed);
        this.indexed = ways > SEARCHED_WAYS;
        this.index = new SlotIndex(keys, indexed ? entries : 0);
        clear();
    }

    /** A store that remembers nothing. */
    public static TranslationCache none() {
        return new TranslationCache(0, 0, 1, SetIndex.MASK, Replacement.LRU, 0);
    }

    private static int wholeSets(int entries, int ways) {
        if (ways < 1 || entries < 1 || entries % ways != 0) {
            throw new IllegalArgumentException(entries + " entries in " + ways + " ways is no whole number of sets");
        }
        return entries / ways;
    }

    /** The set that a page or region number falls into. */
    int setOf(long number) {
        if (modulo) {
            // n mod s = n - s * floor(n / s); the reciprocal is exact for n < 2^45 and s < 2^19
            return (int) (number - sets * Math.multiplyHigh(number, reciprocal));
        }
        return (int) (number ^ number >>> xorShift) & sets - 1;
    }

    /** The slot of a key, or {@link #ABSENT}. Changes nothing. */
    public int find(long key) {
        return find(key, setOf(TlbTag.numberOf(key)));
    }

    /** As {@link #find(long)}, where the set is known already. */
    int find(long key, int set) {
        return indexed ? index.find(key) : search(key, set * ways);
    }

    private int search(long key, int first) {
        long[] k = keys;
        for (int slot = first, end = first + ways; slot < end; slot++) {
            if (k[slot] == key) {
                return slot;
            }
        }
        return ABSENT;
    }

    /** As {@link #find}, and makes the entry the most recent of its set. */
    public int findAndTouch(long key) {
        int slot = find(key);
        if (slot >= 0) {
            touch(key, slot);
        }
        return slot;
    }

    public long value(int slot) {
        return values[slot];
    }

    /** Changes what the entry in {@code slot} says, and nothing else about it. */
    public void setValue(int slot, long value) {
        values[slot] = value;
    }

    /** Makes the entry of {@code key}, which {@link #find} found in {@code slot}, the most recent of its set. */
    public void touch(long key, int slot) {
        touch(slot, setOf(TlbTag.numberOf(key)));
    }

    void touch(int slot, int set) {
        if (replacement == Replacement.LRU) {
            rings.makeFirst(slot, set);
        } else if (replacement == Replacement.TREE_PLRU) {
            trees.use(set, slot - set * ways);
        }
    }

    /** Puts a key in as the most recent of its set; it must not be there yet. */
    public void insert(long key, long value) {
        if (ways != 0) {
            insert(key, value, setOf(TlbTag.numberOf(key)));
        }
    }

    void insert(long key, long value, int set) {
        int victim = ringed ? rings.turn(set) : unorderedVictim(set);
        replace(victim, key);
        keys[victim] = key;
        values[victim] = value;
        if (indexed) {
            index.add(key, victim);
        }
    }

    private int unorderedVictim(int set) {
        int first = set * ways;
        int invalid = size() < keys.length ? search(INVALID, first) : ABSENT;
        if (replacement == Replacement.RANDOM) {
            return invalid != ABSENT ? invalid : first + random.next(ways);
        }
        int victim = invalid != ABSENT ? invalid : first + trees.victim(set);
        trees.use(set, victim - first);
        return victim;
    }

    /** Takes the victim out of the counts and puts the new key in; mostly they are of one space. */
    private void replace(int victim, long key) {
        long old = keys[victim];
        if (old != INVALID && indexed) {
            index.remove(victim);
        }
        if (old == INVALID) {
            counts.add(TlbTag.tagOf(key));
        } else if (TlbTag.tagOf(old) != TlbTag.tagOf(key)) {
            counts.move(TlbTag.tagOf(old), TlbTag.tagOf(key));
        }
    }

    /** Removes the key if it is there. */
    public void remove(long key) {
        int slot = find(key);
        if (slot >= 0) {
            invalidate(slot);
        }
    }

    /** Removes what marked tags have of the guest's page around {@code gva}, where it was cut into pieces. */
    void removePieces(long gva, boolean[] marked) {
        for (int slot = 0; slot < keys.length; slot++) {
            long key = keys[slot];
            if (key != INVALID && marked[TlbTag.tagOf(key)]) {
                long pieceGva =
                        TlbTag.numberOf(key) << Translation.size(values[slot]).shift();
                if (Translation.isPieceAround(values[slot], pieceGva, gva)) {
                    invalidate(slot);
                }
            }
        }
    }

    /** Removes every entry whose tag is marked. */
    public void removeTags(boolean[] marked) {
        int doomed = counts.ofAll(marked);
        if (doomed == size() && doomed > 0) {
            clear();
            return;
        }
        for (int slot = 0; doomed > 0; slot++) {
            if (keys[slot] != INVALID && marked[TlbTag.tagOf(keys[slot])]) {
                invalidate(slot);
                doomed--;
            }
        }
    }

    /** Whether an entry of a marked tag is of a page that the second stage has in pieces. */
    boolean holdsFractured(boolean[] marked) {
        for (int slot = 0; slot < keys.length; slot++) {
            if (keys[slot] != INVALID && marked[TlbTag.tagOf(keys[slot])] && Translation.isFractured(values[slot])) {
                return true;
            }
        }
        return false;
    }

    /** Sees one entry. */
    interface Visitor {
        void visit(long key, long value);
    }

    void forEach(Visitor visitor) {
        for (int slot = 0; slot < keys.length; slot++) {
            if (keys[slot] != INVALID) {
                visitor.visit(keys[slot], values[slot]);
            }
        }
    }

    /** Removes everything. */
    public void clear() {
        Arrays.fill(keys, INVALID);
        counts.clear();
        index.clear();
        rings.clear();
    }

    /** Number of entries that belong to an address space. */
    public int live(int tag) {
        return counts.of(tag);
    }

    public int size() {
        return counts.sum();
    }

    public int entries() {
        return keys.length;
    }

    private void invalidate(int slot) {
        long key = keys[slot];
        counts.remove(TlbTag.tagOf(key));
        if (indexed) {
            index.remove(slot);
        }
        keys[slot] = INVALID;
        if (ringed) {
            rings.makeLast(slot, setOf(TlbTag.numberOf(key)));
        }
    }

    /** Writes or reads the entries, and what decides which of them makes room. */
    public void transfer(Snapshot snapshot) {
        counts.transfer(snapshot);
        snapshot.transfer(keys);
        snapshot.transfer(values);
        rings.transfer(snapshot);
        trees.transfer(snapshot);
        random.transfer(snapshot);
        index.transfer(snapshot);
    }
}
