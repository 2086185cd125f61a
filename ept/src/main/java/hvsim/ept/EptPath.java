package hvsim.ept;

/**
 * The entries that a walk of the second stage is reading, by level: where they are, and what they say. Their accessed
 * and dirty flags are set here, and logged (SDM vol. 3, 325384-059US, 28.2.4 and 28.2.5).
 */
final class EptPath {
    private final PhysicalMemory memory;
    private final RecentTables tables;
    private final DirtyLog log;
    private final long[] tableHpa = new long[PageTable.MAX_LEVELS + 1];
    private final long[] entry = new long[PageTable.MAX_LEVELS + 1];

    EptPath(PhysicalMemory memory, DirtyLog log) {
        this.memory = memory;
        this.tables = new RecentTables(memory);
        this.log = log;
    }

    /** Reads the entry for {@code gpa} in the table of {@code level} at {@code table}. */
    long read(int level, long table, long gpa) {
        long e = tables.read(level, table, gpa);
        tableHpa[level] = table;
        entry[level] = e;
        return e;
    }

    long entry(int level) {
        return entry[level];
    }

    /** Sets the flags of the entries from {@code top} down to the leaf, {@code dirty} that of the leaf; false if the log is full, and then none. */
    boolean setFlags(long gpa, int top, int leafLevel, long dirty) {
        if (log.isFull()) {
            return false;
        }
        for (int level = top; level > leafLevel; level--) {
            set(gpa, level, EptEntry.ACCESSED);
        }
        boolean becomesDirty = (dirty & ~entry[leafLevel]) != 0;
        set(gpa, leafLevel, EptEntry.ACCESSED | dirty);
        if (becomesDirty) {
            log.append(gpa);
        }
        return true;
    }

    private void set(long gpa, int level, long flags) {
        if ((entry[level] & flags) != flags) {
            entry[level] |= flags;
            memory.write(entryHpa(gpa, level), entry[level]);
        }
    }

    private long entryHpa(long gpa, int level) {
        return tableHpa[level] | PageTable.entryOffset(gpa, level);
    }

    /** Tells of the entries that were read, from {@code top} down to {@code bottom}. */
    void tell(EntryReads reads, long gpa, int top, int bottom, Walk walk) {
        for (int level = top; level >= bottom; level--) {
            reads.secondStage(level, entryHpa(gpa, level), entry[level], gpa, walk);
        }
    }

    /** The memory has been replaced. */
    void forget() {
        tables.forget();
    }
}
