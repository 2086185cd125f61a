package hvsim.cpu.event;

import hvsim.tlb.Snapshot;

/** A set of interrupt vectors, 0 to 255. */
public final class VectorSet {
    /** No vector. */
    public static final int NONE = -1;

    private final long[] words = new long[4];

    public boolean add(int vector) {
        boolean wasAbsent = !contains(vector);
        words[vector >>> 6] |= 1L << vector;
        return wasAbsent;
    }

    public void remove(int vector) {
        words[vector >>> 6] &= ~(1L << vector);
    }

    public boolean contains(int vector) {
        return (words[vector >>> 6] >>> vector & 1) != 0;
    }

    public boolean isEmpty() {
        return (words[0] | words[1] | words[2] | words[3]) == 0;
    }

    /** The vector of the highest priority, or {@link #NONE}. */
    public int highest() {
        for (int i = 3; i >= 0; i--) {
            if (words[i] != 0) {
                return i << 6 | 63 - Long.numberOfLeadingZeros(words[i]);
            }
        }
        return NONE;
    }

    /** Thirty-two vectors from 32 times {@code row} on, the lowest in bit 0, as registers of local APICs have them. */
    public long row(int row) {
        return words[row >>> 1] >>> 32 * (row & 1) & 0xFFFF_FFFFL;
    }

    public void transfer(Snapshot snapshot) {
        snapshot.transfer(words);
    }
}
