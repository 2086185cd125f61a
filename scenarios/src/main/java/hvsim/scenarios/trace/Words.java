package hvsim.scenarios.trace;

import hvsim.cpu.GuestOp;

/** One reference of a trace as words of a program. */
final class Words {
    /** What a reference takes at most. */
    static final int MOST = 2;

    private static final long CANONICAL_BIAS = 1L << 47;

    private Words() {}

    /** Writes a reference of a size that {@link GuestOp} can say; the index after it. */
    static int put(long[] words, int n, int access, long address, int sizeBytes) {
        if (sizeBytes <= GuestOp.MAX_PLAIN_SIZE_BYTES) {
            words[n] = GuestOp.memory(access, address, sizeBytes);
            return n + 1;
        }
        words[n] = GuestOp.wide(access, sizeBytes);
        words[n + 1] = address & GuestOp.GVA_MASK;
        return n + 2;
    }

    static boolean isSize(long sizeBytes) {
        return sizeBytes >= 1 && sizeBytes <= GuestOp.MAX_WIDE_SIZE_BYTES;
    }

    /** Whether bits 63 to 47 are alike in the first and the last byte, and both are in the same half. */
    static boolean isCanonical(long address, int sizeBytes) {
        long last = address + sizeBytes - 1;
        return (address + CANONICAL_BIAS | last + CANONICAL_BIAS) >>> 48 == 0 && (address ^ last) >= 0;
    }
}
