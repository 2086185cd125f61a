package hvsim.ept;

/** Entries of the guest's tables where these are in the machine: of 8 bytes, or, under 32-bit paging, of 4. */
final class GuestTables {
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
        return halves ? HalfEntries.read(memory, hpa | offset(gva, level)) : recent.read(level, hpa, gva);
    }

    void write(long entryHpa, long entry) {
        if (halves) {
            HalfEntries.write(memory, entryHpa, entry);
        } else {
            memory.write(entryHpa & -8, entry);
        }
    }

    /** The memory has been replaced. */
    void forget() {
        recent.forget();
    }
}
