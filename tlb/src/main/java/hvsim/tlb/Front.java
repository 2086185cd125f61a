package hvsim.tlb;

import java.util.Arrays;

/**
 * The common case of a look-up, answered with one comparison: pages whose entry is the most recent of its set on
 * the first level, for the kinds of access that its rights allow. Such a hit changes no recency, so that nothing
 * else needs to be looked at. Whatever makes another entry the most recent takes the set's slots out.
 *
 * <pre>
 *   keys[kind of access][page number mod 64]
 *
 *   key   63                        19 18 17 16                 0
 *        +----------------------------+-----+--------------------+
 *        | page number, 4 KiB grain   |mode | tag                |
 *        +----------------------------+-----+--------------------+
 * </pre>
 *
 * The mode is the privilege at which the rights were looked at. {@code TranslationBenchmark} pays for it.
 */
public final class Front {
    /** Where a key has the page number; below it is {@link #tag}. */
    public static final int PAGE_SHIFT = TlbTag.NUMBER_SHIFT;

    private static final int SLOT_BITS = 6;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final int KINDS = 4;
    private static final int MODE_SHIFT = TlbTag.SIZE_SHIFT;
    private static final long NO_KEY = -1L;

    /** Kinds 4 to 7 have slots too, which nothing is ever put into. */
    private final long[] keys = new long[2 * KINDS * SLOTS];

    /** Which slots a set has: four words a set, one for each kind. */
    private final long[] slotsOfSet;

    private final long[] entryOfSet;
    private int space;
    private int mode;

    Front(int sets) {
        slotsOfSet = new long[KINDS * sets];
        entryOfSet = new long[sets];
        forget();
    }

    /** The keys, for the core's inner loop. */
    public long[] keys() {
        return keys;
    }

    /** What a key has below the page number at present. */
    public int tag() {
        return space | mode << MODE_SHIFT;
    }

    /** Where an access is in the front: of its kind (0 to 7) and of an address, whose top bits do not matter. */
    public static int index(int kind, long gva) {
        return kind << SLOT_BITS | (int) (gva >>> PageSize.SIZE_4K.shift()) & SLOTS - 1;
    }

    /** Accesses are from now on made with another privilege, 0 to 3. */
    public void enterMode(int newMode) {
        mode = newMode;
    }

    void enterSpace(int tag) {
        space = tag;
    }

    /** The access was allowed, by the entry that is now the most recent of its set. */
    void remember(int kind, long gva, int set, long entry) {
        if (entryOfSet[set] != entry) {
            entryOfSet[set] = entry;
            for (int k = 0; k < KINDS; k++) {
                takeOut(k, KINDS * set + k);
            }
        }
        int slot = (int) (gva >>> PageSize.SIZE_4K.shift()) & SLOTS - 1;
        slotsOfSet[KINDS * set + kind] |= 1L << slot;
        keys[kind << SLOT_BITS | slot] = gva >>> PageSize.SIZE_4K.shift() << PAGE_SHIFT | tag();
    }

    private void takeOut(int kind, int at) {
        for (long slots = slotsOfSet[at]; slots != 0; slots &= slots - 1) {
            keys[kind << SLOT_BITS | Long.numberOfTrailingZeros(slots)] = NO_KEY;
        }
        slotsOfSet[at] = 0;
    }

    /** Knows nothing any more; nothing can observe that. */
    public void forget() {
        Arrays.fill(keys, NO_KEY);
    }
}
