package hvsim.tlb;

import java.util.Arrays;

/**
 * Where a key is among many, without a search: chains of slots by the hash of their keys.
 *
 * <pre>
 *   chain[hash of key] -> slot -> chained[slot] -> slot -> 0        slot numbers are stored plus 1, 0 ends a chain
 * </pre>
 */
final class SlotIndex {
    /** 2^64 divided by the golden ratio: spreads neighbouring keys. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private static final int CHAINS_PER_SLOT = 4;

    private final long[] keys;
    private final int[] chain;
    private final int[] chained;
    private final int shift;

    /** @param keys by slot; the index reads them, and their owner keeps them in step with it */
    SlotIndex(long[] keys, int slots) {
        int bits = slots == 0 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(CHAINS_PER_SLOT * slots - 1);
        this.keys = keys;
        this.chain = new int[1 << bits];
        this.chained = new int[slots];
        this.shift = Long.SIZE - bits;
    }

    private int hash(long key) {
        return (int) (key * SPREAD >>> shift);
    }

    /** The slot of a key, or -1. */
    int find(long key) {
        int slot = chain[hash(key)] - 1;
        while (slot >= 0 && keys[slot] != key) {
            slot = chained[slot] - 1;
        }
        return slot;
    }

    void add(long key, int slot) {
        int hash = hash(key);
        chained[slot] = chain[hash];
        chain[hash] = slot + 1;
    }

    /** Takes a slot out, whose key still stands. */
    void remove(int slot) {
        int hash = hash(keys[slot]);
        if (chain[hash] == slot + 1) {
            chain[hash] = chained[slot];
            return;
        }
        int before = chain[hash] - 1;
        while (chained[before] != slot + 1) {
            before = chained[before] - 1;
        }
        chained[before] = chained[slot];
    }

    void clear() {
        Arrays.fill(chain, 0);
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(chain);
        snapshot.transfer(chained);
    }
}
