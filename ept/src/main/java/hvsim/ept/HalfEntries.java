package hvsim.ept;

/** Entries of 4 bytes, of which a word of memory has two: little-endian, the lower address has the lower bits. */
final class HalfEntries {
    private static final int BITS = 32;
    private static final long MASK = 0xFFFF_FFFFL;

    private HalfEntries() {}

    static long read(TableEntries memory, long hpa) {
        return memory.read(hpa & -8) >>> shift(hpa) & MASK;
    }

    static void write(TableEntries memory, long hpa, long entry) {
        long word = hpa & -8;
        memory.write(word, memory.read(word) & ~(MASK << shift(hpa)) | entry << shift(hpa));
    }

    private static int shift(long hpa) {
        return (hpa & 4) == 0 ? 0 : BITS;
    }
}
