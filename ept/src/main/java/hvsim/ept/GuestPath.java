package hvsim.ept;

/**
 * The guest's tables that the walk under way has come to, by level: where they are in the machine, for the guest, and
 * what their entries are.
 */
final class GuestPath {
    private final GuestTables tables;
    private final SecondStage secondStage;
    private final EntryReads reads;
    private final boolean observed;
    private final long[] table = new long[PageTable.MAX_LEVELS + 1]; // as KnownTable
    private final long[] tableGpa = new long[PageTable.MAX_LEVELS + 1];
    private final long[] entry = new long[PageTable.MAX_LEVELS + 1];
    private boolean nested;

    // For walks without anything that remembers and that could be seen to: where one stage came out, and two.
    private final PhysicalMemory memory;
    private final RecentPaths oneStage;
    private final RecentPaths twoStages;
    private final boolean shortens;
    private RecentPaths recent;
    private int paging;
    private long from;
    private long version;

    GuestPath(PhysicalMemory memory, WalkCaches caches, SecondStage secondStage, EntryReads reads) {
        this.memory = memory;
        this.oneStage = new RecentPaths(memory);
        this.twoStages = new RecentPaths(memory);
        this.recent = oneStage;
        this.observed = reads.areObserved();
        this.shortens = caches.areNone() && !observed;
        this.tables = new GuestTables(memory);
        this.secondStage = secondStage;
        this.reads = reads;
    }

    /** Whether table addresses go through the second stage from now on. */
    void enter(boolean newNested) {
        nested = newNested;
        recent = nested ? twoStages : oneStage;
    }

    /** The second stage translates in another way from now on. */
    void forgetTwoStages() {
        twoStages.forget();
    }

    /** Entries have from now on 4 bytes, or 8, and the meaning of that way of paging. */
    void enterEntries(GuestPaging newPaging) {
        paging = newPaging.number();
        tables.enter(newPaging.mode() == PagingMode.TWO_LEVEL);
    }

    /**
     * Whether it is known where a walk from {@code root} comes to the last table; then it is as if it had been there,
     * and its references are counted.
     */
    boolean skipTo1(long gva, long root, int levels, Walk walk) {
        if (!shortens) {
            return false;
        }
        version = memory.version();
        from = root | paging;
        long known = recent.find(from, gva);
        if (known == RecentPaths.NONE) {
            return false;
        }
        table[1] = known;
        walk.guestReferences += levels - 1;
        secondStage.count(KnownTable.uncachedReferences(known) - (levels - 1), walk);
        return true;
    }

    /** The walk from the root came to the last table; that is known as long as no entry changes. */
    void remember(long gva) {
        if (shortens && version == memory.version() && KnownTable.isWritable(table[1])) {
            recent.remember(from, gva, table[1], 0);
        }
    }

    /** The table of {@code level}, as {@link KnownTable}. */
    long table(int level) {
        return table[level];
    }

    /** The entry that was read last from the table of {@code level}, with the flags that were set. */
    long entry(int level) {
        return entry[level];
    }

    /** A structure cache knows that table. */
    void start(int level, long known) {
        table[level] = known;
    }

    /**
     * Finds where the table at {@code where} is in the machine.
     *
     * @param rights of all entries above it, as {@link KnownTable}
     * @param uncached references that lead to its address when nothing is remembered
     * @return false if the second stage stops that
     */
    boolean enter(long gva, int level, long where, long rights, int uncached, Walk walk) {
        if (!nested) {
            table[level] = KnownTable.pack(where, true, uncached, rights);
            return true;
        }
        tableGpa[level] = where;
        long mapping = secondStage.translateTable(where + tables.offset(gva, level), walk);
        if (mapping == SecondStageMapping.NONE) {
            return false;
        }
        int all = uncached + secondStage.levels() + 1 - SecondStageMapping.leafLevel(mapping);
        boolean writable = SecondStageMapping.isWritable(mapping);
        table[level] = KnownTable.pack(SecondStageMapping.frameHpa(mapping), writable, all, rights);
        return true;
    }

    /** As {@link #enter}, for the table that the entry read last from the table of {@code level} points to. */
    boolean enterNext(long gva, int level, Walk walk) {
        int uncached = KnownTable.uncachedReferences(table[level]) + 1;
        return enter(gva, level - 1, entry[level] & GuestEntry.ADDRESS, rights(level), uncached, walk);
    }

    /** What all entries down to that of {@code level} allow, as {@link KnownTable}. */
    long rights(int level) {
        return KnownTable.rights(table[level]) & KnownTable.rightsOf(entry[level]);
    }

    /** The entry for {@code gva} in the table of {@code level}. */
    long read(long gva, int level, Walk walk) {
        long hpa = KnownTable.hpa(table[level]);
        long e = tables.read(level, hpa, gva);
        entry[level] = e;
        if (observed) {
            reads.guest(level, hpa | tables.offset(gva, level), e, walk);
        }
        return e;
    }

    /** Whether flags must be set in a table that a structure cache knew, and knew as one that may not be written. */
    boolean isRefusedByCache(int start, int leafLevel, boolean write) {
        return !KnownTable.isWritable(table[start]) && missingFlags(start, leafLevel, write) != 0;
    }

    /** Sets the accessed flags that are clear, and the leaf's dirty flag for a write. */
    boolean setFlags(long gva, int start, int leafLevel, boolean write, Walk walk) {
        for (int level = start; level >= leafLevel; level--) {
            long set = missingFlags(level, leafLevel, write);
            if (set != 0) {
                long offset = tables.offset(gva, level);
                if (!KnownTable.isWritable(table[level])
                        && !secondStage.mayWriteTable(tableGpa[level] + offset, walk)) {
                    return false;
                }
                entry[level] |= set;
                tables.write(KnownTable.hpa(table[level]) | offset, entry[level]);
            }
        }
        return true;
    }

    private long missingFlags(int level, int leafLevel, boolean write) {
        long needed = GuestEntry.ACCESSED | (write && level == leafLevel ? GuestEntry.DIRTY : 0);
        return needed & ~entry[level];
    }

    /** The memory has been replaced. */
    void forget() {
        tables.forget();
        oneStage.forget();
        twoStages.forget();
    }
}
