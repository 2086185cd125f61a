package hvsim.tlb;

import java.util.Arrays;

/**
 * The one set-associative store: first and second-level TLBs, paging-structure caches and the nested
 * TLB are each one of these. Replacement is true LRU; an invalid way is used before the least recent one.
 *
 * <pre>
 *            way 0   way 1   way 2   way 3
 *   set 0   [key|v] [key|v] [key|v] [key|v]     entries stay where they are;
 *                                               recency is a ring per set:
 *   set 1   [key|v] ...                         head -> most recent -> ... -> least recent -> head
 * </pre>
 *
 * The ring makes a fill one step: the entry before the head is the victim, and becomes the head by moving
 * the head back. An invalidated entry moves to the end of its ring. Sets of more than {@value
 * #SEARCHED_WAYS} ways are looked up through a hash index in place of a search; what each form costs is
 * measured by {@code TranslationCacheBenchmark}.
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
    private final int[] older;
    private final int[] newer;
    private final int[] head;
    private int[] live = new int[16];
    private int size;

    /** For sets too wide to be searched; knows nothing otherwise. */
    private final SlotIndex index;

    private final boolean indexed;

    /**
     * @param entries at least 1; a multiple of {@code ways}
     * @param ways at least 1
     * @throws IllegalArgumentException if the sets are no whole number, or no power of two where the set
     *     index needs one
     */
    public TranslationCache(int entries, int ways, SetIndex setIndex) {
        this(entries, ways, wholeSets(entries, ways), setIndex);
    }

    private TranslationCache(int entries, int ways, int sets, SetIndex setIndex) {
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
        this.older = new int[entries];
        this.newer = new int[entries];
        this.head = new int[sets];
        this.indexed = ways > SEARCHED_WAYS;
        this.index = new SlotIndex(keys, indexed ? entries : 0);
        clear();
    }

    /** A store that remembers nothing. */
    public static TranslationCache none() {
        return new TranslationCache(0, 0, 1, SetIndex.MASK);
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

    /** Makes the entry of {@code key}, which {@link #find} found in {@code slot}, the most recent of its set. */
    public void touch(long key, int slot) {
        touch(slot, setOf(TlbTag.numberOf(key)));
    }

    void touch(int slot, int set) {
        int first = head[set];
        if (first != slot) {
            moveBefore(slot, first);
            head[set] = slot;
        }
    }

    /** Puts a key in as the most recent of its set; it must not be there yet. */
    public void insert(long key, long value) {
        if (ways != 0) {
            insert(key, value, setOf(TlbTag.numberOf(key)));
        }
    }

    void insert(long key, long value, int set) {
        int victim = newer[head[set]];
        head[set] = victim;
        replace(victim, key);
        keys[victim] = key;
        values[victim] = value;
        if (indexed) {
            index.add(key, victim);
        }
    }

    /** Takes the victim out of the counts and puts the new key in; mostly they are of one space. */
    private void replace(int victim, long key) {
        long old = keys[victim];
        if (old != INVALID && indexed) {
            index.remove(victim);
        }
        if (old == INVALID || TlbTag.tagOf(old) != TlbTag.tagOf(key)) {
            if (old == INVALID) {
                size++;
            } else {
                count(TlbTag.tagOf(old), -1);
            }
            count(TlbTag.tagOf(key), 1);
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
        int doomed = 0;
        for (int tag = 0, end = Math.min(marked.length, live.length); tag < end; tag++) {
            doomed += marked[tag] ? live[tag] : 0;
        }
        if (doomed == size && doomed > 0) {
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

    /** Removes everything. */
    public void clear() {
        Arrays.fill(keys, INVALID);
        Arrays.fill(live, 0);
        index.clear();
        size = 0;
        for (int slot = 0; slot < keys.length; slot++) {
            int set = slot / ways * ways;
            older[slot] = set + (slot - set + 1) % ways;
            newer[slot] = set + (slot - set + ways - 1) % ways;
        }
        for (int set = 0; set < sets; set++) {
            head[set] = set * ways;
        }
    }

    /** Number of entries that belong to an address space. */
    public int live(int tag) {
        return tag < live.length ? live[tag] : 0;
    }

    public int size() {
        return size;
    }

    public int entries() {
        return keys.length;
    }

    private void invalidate(int slot) {
        int set = setOf(TlbTag.numberOf(keys[slot]));
        drop(slot);
        keys[slot] = INVALID;
        if (head[set] == slot) {
            head[set] = older[slot];
        } else {
            moveBefore(slot, head[set]);
        }
    }

    private void drop(int slot) {
        size--;
        count(TlbTag.tagOf(keys[slot]), -1);
        if (indexed) {
            index.remove(slot);
        }
    }

    /** Takes a slot out of its ring and puts it on the newer side of {@code at}. */
    private void moveBefore(int slot, int at) {
        int before = newer[slot];
        int after = older[slot];
        older[before] = after;
        newer[after] = before;
        int last = newer[at];
        older[last] = slot;
        newer[slot] = last;
        older[slot] = at;
        newer[at] = slot;
    }

    private void count(int tag, int change) {
        if (tag >= live.length) {
            live = Arrays.copyOf(live, Integer.highestOneBit(tag) << 1);
        }
        live[tag] += change;
    }

    /** Writes or reads the entries and their recency. */
    public void transfer(Snapshot snapshot) {
        size = snapshot.transfer(size);
        snapshot.transfer(keys);
        snapshot.transfer(values);
        snapshot.transfer(older);
        snapshot.transfer(newer);
        snapshot.transfer(head);
        live = snapshot.transferResized(live);
        index.transfer(snapshot);
    }
}
