package hvsim.ept;

/** Entries of the guest's tables where these are in the machine: of 8 bytes, or, under 32-bit paging, of 4. */
final class GuestTables {
    private static final int HALF_BITS = 32;
    private static final long HALF = 0xFFFF_FFFFL;

    private final PhysicalMemory memory;
    private final RecentTables recent;
    private boolean halves;

    GuestTables(PhysicalMemory memory) {
        this.memory = memory;
        this.recent = new RecentTables(memory);
    }

    /** Entries have from now on 4 bytes, or 8. */
    void enter(boolean of4Bytes) {
        halves = of4Bytes;
    }

    /** Where in a table of {@code level} the entry for {@code gva} is, in bytes. */
    long offset(long gva, int level) {
        return halves ? (gva >>> 12 + 10 * (level - 1) & 1023) << 2 : PageTable.entryOffset(gva, level);
    }

    /** The entry for {@code gva} in the table of {@code level} at {@code hpa}. */
    long read(int level, long hpa, long gva) {
        return halves ? readHalf(hpa | offset(gva, level)) : recent.read(level, hpa, gva);
    }

    private long readHalf(long entryHpa) {
        return memory.read(entryHpa & -8) >>> shift(entryHpa) & HALF;
    }

    void write(long entryHpa, long entry) {
        long word = entryHpa & -8;
        memory.write(word, halves ? memory.read(word) & ~(HALF << shift(entryHpa)) | entry << shift(entryHpa) : entry);
    }

    /** Little-endian: the lower address has the lower bits of a word. */
    private static int shift(long entryHpa) {
        return (entryHpa & 4) == 0 ? 0 : HALF_BITS;
    }

    /** The memory has been replaced. */
    void forget() {
        recent.forget();
    }
}
