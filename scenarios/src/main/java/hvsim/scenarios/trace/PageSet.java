package hvsim.scenarios.trace;

/**
 * The pages that a process has touched. Memory follows what was touched, not the size of the address space.
 *
 * <pre>
 *   page number   | chunk key | bit 0..63 |     64 neighbouring pages share one word of bits;
 *   slots         | key + 1, 0 = free | bits |  open addressing, at most half full
 * </pre>
 */
public final class PageSet {
    private static final int CHUNK_SHIFT = 6;
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private long[] keys = new long[64];
    private long[] bits = new long[64];
    private int chunks;
    private long size;
    private long lastKey = -1;
    private int lastSlot;

    public long size() {
        return size;
    }

    public boolean contains(long page) {
        int slot = slot((page >>> CHUNK_SHIFT) + 1);
        return (bits[slot] >>> page & 1) != 0;
    }

    /** Adds the page; true if it was not there. */
    public boolean add(long page) {
        long key = (page >>> CHUNK_SHIFT) + 1;
        int slot = slot(key);
        if (keys[slot] == 0) {
            slot = claim(key, slot);
        }
        boolean isNew = (bits[slot] >>> page & 1) == 0;
        bits[slot] |= 1L << page;
        size += isNew ? 1 : 0;
        return isNew;
    }

    public void addRange(long firstPage, long lastPage) {
        for (long page = firstPage; page <= lastPage; page++) {
            add(page);
        }
    }

    /** Chunk by chunk: key, bits. */
    public long[] toArray() {
        long[] pairs = new long[2 * chunks];
        int n = 0;
        for (int slot = 0; slot < keys.length; slot++) {
            if (keys[slot] != 0) {
                pairs[n++] = keys[slot];
                pairs[n++] = bits[slot];
            }
        }
        return pairs;
    }

    public static PageSet of(long[] pairs) {
        PageSet set = new PageSet();
        for (int i = 0; i < pairs.length; i += 2) {
            int slot = set.claim(pairs[i], set.slot(pairs[i]));
            set.bits[slot] = pairs[i + 1];
            set.size += Long.bitCount(pairs[i + 1]);
        }
        return set;
    }

    /** The slot of the key, or the free one where it belongs. */
    private int slot(long key) {
        if (key == lastKey) {
            return lastSlot;
        }
        int mask = keys.length - 1;
        int slot = home(key, keys.length);
        while (keys[slot] != key && keys[slot] != 0) {
            slot = slot + 1 & mask;
        }
        if (keys[slot] == key) {
            lastKey = key;
            lastSlot = slot;
        }
        return slot;
    }

    private int claim(long key, int free) {
        keys[free] = key;
        if (2 * ++chunks <= keys.length) {
            return free;
        }
        grow();
        return slot(key);
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldBits = bits;
        keys = new long[2 * oldKeys.length];
        bits = new long[2 * oldKeys.length];
        lastKey = -1;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                bits[slot] = oldBits[i];
            }
        }
    }

    private static int home(long key, int slots) {
        return (int) (key * SPREAD >>> 33 + Integer.numberOfLeadingZeros(slots));
    }
}
