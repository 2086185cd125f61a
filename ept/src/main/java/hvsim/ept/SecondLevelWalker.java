package hvsim.ept;

import hvsim.tlb.Snapshot;

/**
 * Walks of the tables by which a machine translates what devices ask for: those of a second level, whose entries have
 * their rights, page size and address where the extended page tables have them, so that one table can serve both.
 *
 * <pre>
 *   63        52 51    M M-1                   12 11       8 7    6      2 1 0
 *  +------------+-------+------------------------+----------+----+--------+-+-+
 *  |  ignored   |rsvd 0 | table or page address  | ignored  |page|ignored |W|R|
 *  +------------+-------+------------------------+----------+----+--------+-+-+
 *                        R and W both 0: not present; unlike in EPT, W without R is a page to be written only
 * </pre>
 *
 * Entries that are malformed end a walk, missing rights do not: who asks compares them. Nothing is written: accessed and
 * dirty flags are not kept.
 *
 * <p>Source: Intel Virtualization Technology for Directed I/O, Architecture Specification (D51397), 3.6 "Second-Level
 * Translation", 6.2.5 "Paging-structure Caches", 9.8 "Second-Level Paging Entries".
 */
public final class SecondLevelWalker {
    private static final long RIGHTS = EptEntry.READ | EptEntry.WRITE;
    private static final int HIGHEST_LEAF_LEVEL = 3;

    private final RecentTables tables;
    private final StructureCaches caches;
    private final long[] reservedInPage = new long[PageTable.MAX_LEVELS + 1];
    private final long[] reservedInTable = new long[PageTable.MAX_LEVELS + 1];

    public SecondLevelWalker(PhysicalMemory memory, WalkSpec.StructureCache structures) {
        tables = new RecentTables(memory);
        caches = new StructureCaches(structures);
        long aboveWidth = GuestEntry.ADDRESS & -1L << PhysicalMemory.ADDRESS_BITS;
        for (int level = 1; level <= PageTable.MAX_LEVELS; level++) {
            reservedInPage[level] = aboveWidth | GuestEntry.ADDRESS & (1L << PageTable.shift(level)) - 1;
            reservedInTable[level] = aboveWidth | (level > HIGHEST_LEAF_LEVEL ? EptEntry.PAGE : 0);
        }
    }

    /**
     * Whether the tables below {@code root} map {@code address}.
     *
     * @param levels of tables, 3 to 5
     * @param domain whose tables they are, for what is remembered of them
     */
    public boolean walk(long root, int levels, int domain, long address, SecondLevelWalk walk) {
        int start = caches.deepest(address, domain, levels);
        long known = start < levels ? caches.found() : root | RIGHTS;
        int level = start;
        long entry = tables.read(level, known & GuestEntry.ADDRESS, address);
        while (pointsToTable(entry, level)) {
            known = entry & GuestEntry.ADDRESS | known & entry & RIGHTS;
            level--;
            caches.insert(address, level, domain, known);
            entry = tables.read(level, known & GuestEntry.ADDRESS, address);
        }
        walk.references = start - level + 1;
        walk.level = level;
        walk.entry = entry;
        walk.rights = known & entry & RIGHTS;
        walk.stopCause = stopCause(entry, level);
        return walk.stopCause == StopCause.NONE;
    }

    private boolean pointsToTable(long entry, int level) {
        return (entry & RIGHTS) != 0 && !isPage(entry, level) && (entry & reservedInTable[level]) == 0;
    }

    private static boolean isPage(long entry, int level) {
        return level == 1 || level <= HIGHEST_LEAF_LEVEL && (entry & EptEntry.PAGE) != 0;
    }

    private StopCause stopCause(long entry, int level) {
        if ((entry & RIGHTS) == 0) {
            return StopCause.NOT_PRESENT;
        }
        boolean wellFormed = isPage(entry, level) && (entry & reservedInPage[level]) == 0;
        return wellFormed ? StopCause.NONE : StopCause.RESERVED_BIT;
    }

    /** Forgets where the tables of the marked domains are; by their numbers, all that there are. */
    public void forgetDomains(boolean[] marked) {
        caches.removeTags(marked);
    }

    /** Forgets the tables that lead to one address of a domain. */
    public void forget(int domain, long address) {
        caches.forget(address, domain);
    }

    /** Forgets everything. */
    public void forgetAll() {
        caches.clear();
    }

    /** Writes or reads what is remembered. */
    public void transfer(Snapshot snapshot) {
        caches.transfer(snapshot);
        tables.forget();
    }
}
