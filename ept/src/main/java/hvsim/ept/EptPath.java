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
    private final RecentPaths paths;
    private int top;
    private long from;
    private long rights;
    private long rightsAbove; // of all but the last entry
    private boolean accessed;
    private boolean unusable;

    EptPath(PhysicalMemory memory, DirtyLog log) {
        this.memory = memory;
        this.tables = new RecentTables(memory);
        this.log = log;
        this.paths = new RecentPaths(memory);
    }

    /**
     * A walk begins at the table of {@code level}.
     *
     * @param table its address, and in the low bits the rights that all entries above it give
     */
    void start(int level, long table) {
        top = level;
        from = table;
    }

    /** Whether it is known where a walk from {@code root} comes to the last table; then the walk begins there. */
    boolean skipTo1(long gpa, long root) {
        long known = paths.find(root, gpa);
        if (known == RecentPaths.NONE) {
            return false;
        }
        start(1, known);
        return true;
    }

    /** A walk from {@code root} is done, and all flags are set: where it came to the last table is known from now on. */
    void remember(long gpa, long root, int leafLevel) {
        if (leafLevel == 1 && top != 1) {
            paths.remember(root, gpa, tableHpa[1], rightsAbove);
        }
    }

    /**
     * Reads the entries for {@code gpa} down to the one that maps a page, or cannot be used.
     *
     * @return its level
     */
    int descend(EptFormat format, long gpa) {
        long all = from & format.rights();
        long table = from & GuestEntry.ADDRESS;
        long flags = EptEntry.ACCESSED;
        int level = top;
        long e = read(level, table, gpa);
        while (format.isTable(e, level)) {
            all &= e;
            flags &= e;
            level--;
            e = read(level, e & GuestEntry.ADDRESS, gpa);
        }
        rightsAbove = all;
        rights = all & e;
        accessed = (flags & e) != 0;
        unusable = !format.isPage(e, level);
        return level;
    }

    private long read(int level, long table, long gpa) {
        long e = tables.read(level, table, gpa);
        tableHpa[level] = table;
        entry[level] = e;
        return e;
    }

    long entry(int level) {
        return entry[level];
    }

    /** What all entries together allow. */
    long rights() {
        return rights;
    }

    /** Whether the last entry is not present or malformed. */
    boolean isAtUnusable() {
        return unusable;
    }

    /** Whether an accessed flag is clear, or the {@code dirty} one of the leaf. */
    boolean lacksFlags(int leafLevel, long dirty) {
        return !accessed || (dirty & ~entry[leafLevel]) != 0;
    }

    /** Sets the flags of the entries that were read, {@code dirty} that of the leaf; false if the log is full, and then none. */
    boolean setFlags(long gpa, int leafLevel, long dirty) {
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

    /** Addresses are translated in another way from now on. */
    void forgetPaths() {
        paths.forget();
    }

    /** The memory has been replaced. */
    void forget() {
        tables.forget();
        paths.forget();
    }
}
