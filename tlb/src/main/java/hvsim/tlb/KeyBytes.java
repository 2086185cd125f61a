package hvsim.tlb;

/**
 * A byte of each key of a set, side by side: a search compares eight ways at once, and then the key of the way whose
 * byte is the same. All that a set of 16 ways needs is within a cache line of the host, next to other sets': where the
 * stores of many cores take turns in the host's caches, that is what a look-up takes.
 *
 * <pre>
 *   63      56      48             8      0
 *  +-------+-------+-- ... --+-------+
 *  | way 7 | way 6 |         | way 0 |        0: no such way, or nothing was put in yet; else 80H to FFH
 *  +-------+-------+-- ... --+-------+
 * </pre>
 *
 * The byte of an entry that was removed stays, and its key is another one.
 */
final class KeyBytes {
    /** 2^64 divided by the golden ratio: spreads neighbouring keys. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private static final int BYTE_SHIFT = 57;
    private static final long TOP_BITS = 0x8080_8080_8080_8080L;
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final int WORD_WAYS = Long.BYTES;

    private final long[] keys;
    private final int ways;
    private final int wordsPerSet;
    private final long[] words;

    /** @param keys by slot: those of a set one after another */
    KeyBytes(long[] keys, int sets, int ways) {
        this.keys = keys;
        this.ways = ways;
        this.wordsPerSet = (ways + WORD_WAYS - 1) / WORD_WAYS;
        this.words = new long[sets * wordsPerSet];
    }

    private static long byteOf(long key) {
        return key * SPREAD >>> BYTE_SHIFT | 0x80;
    }

    /** The slot of a key, or {@link TranslationCache#ABSENT}. */
    int find(long key, int set) {
        long wanted = byteOf(key) * LOW_BITS;
        int first = set * ways;
        for (int word = set * wordsPerSet, end = word + wordsPerSet; word < end; word++) {
            long differences = words[word] ^ wanted;
            // the top bit of each byte that is 0, and maybe of some above one: never of a way that is not there
            long same = differences - LOW_BITS & ~differences & TOP_BITS;
            for (; same != 0; same &= same - 1) {
                int slot = first + (Long.numberOfTrailingZeros(same) >>> 3);
                if (keys[slot] == key) {
                    return slot;
                }
            }
            first += WORD_WAYS;
        }
        return TranslationCache.ABSENT;
    }

    /** The key was put into a slot of the set. */
    void put(long key, int slot, int set) {
        int way = slot - set * ways;
        int word = set * wordsPerSet + (way >>> 3);
        int shift = (way & WORD_WAYS - 1) << 3;
        words[word] = words[word] & ~(0xFFL << shift) | byteOf(key) << shift;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(words);
    }
}
