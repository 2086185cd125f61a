package hvsim.ept;

import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.tlb.Translation;

/**
 * Walks the guest's tables, taking every table address and the final address through the second stage
 * ({@link SecondStage}); without one, a native walk. Reads real entries, sets accessed and dirty flags in
 * memory, and counts every reference.
 *
 * <p>Order of events: SDM vol. 3 (325384-059US), 28.2.3 and 28.3. Faults come as they are met on the way
 * down; the guest's rights are checked at the leaf; only then are accessed and dirty flags written; last,
 * the final address goes through the second stage with the real access. Of a walk that was stopped the
 * guest's structures remember nothing; what the second stage translated on the way stays remembered.
 */
public final class NestedWalker {
    /** Bits of a page fault's error code. */
    public static final int ERROR_PRESENT = 1;

    public static final int ERROR_WRITE = 1 << 1;
    public static final int ERROR_USER = 1 << 2;
    public static final int ERROR_RESERVED = 1 << 3;
    public static final int ERROR_FETCH = 1 << 4;

    private static final int LEVELS = PageTable.LEVELS;
    private static final int GVA_BITS = 57;
    private static final int CANONICAL_BITS = 48;

    private final PhysicalMemory memory;
    private final StructureCaches caches;
    private final SecondStage secondStage;

    private long root;
    private int tag;
    private boolean nested;

    // Of the walk under way, by level of the table read.
    private final RecentTables tables;
    private final long[] entry = new long[LEVELS + 1];
    private final long[] table = new long[LEVELS + 1]; // as KnownTable
    private final long[] tableGpa = new long[LEVELS + 1];

    private final WalkJournal journal;
    private boolean forHypervisor;
    private long translated;
    private long stopped;
    private long guestReferences;
    private long savedByGuestCache;
    private long hypervisorReferences;

    public NestedWalker(PhysicalMemory memory, WalkCaches caches) {
        this(memory, caches, PagingCapability.ALL, WalkJournal.NONE);
    }

    /** A walker of a processor that can do what {@code capability} says, and that writes down each reference. */
    public NestedWalker(PhysicalMemory memory, WalkCaches caches, PagingCapability capability, WalkJournal journal) {
        this.memory = memory;
        this.tables = new RecentTables(memory);
        this.caches = caches.guest;
        this.journal = journal;
        this.secondStage = new SecondStage(memory, caches, capability, journal);
    }

    /**
     * From now on walks are native: one stage.
     *
     * @param cr3 physical address of the root table in bits 51:12
     * @param pdptes with PAE paging, the page-directory-pointer-table entries in use; read at each walk
     * @param newTag of linear mappings
     */
    public void enterNative(GuestPaging paging, long cr3, long[] pdptes, int newTag) {
        root = cr3 & GuestEntry.ADDRESS;
        tag = newTag;
        nested = false;
    }

    /**
     * From now on walks are nested.
     *
     * @param cr3 guest-physical address of the guest's root table in bits 51:12
     * @param pdptes with PAE paging, the page-directory-pointer-table entries in use; read at each walk
     * @param newTag of combined mappings
     * @param eptp EPT pointer, as {@link EptPointer} reads it
     * @param modeBasedExecute whether entries allow execution apart for user and supervisor addresses
     * @param eptTag of guest-physical mappings
     */
    public void enterNested(
            GuestPaging paging, long cr3, long[] pdptes, int newTag, long eptp, boolean modeBasedExecute, int eptTag) {
        root = cr3 & GuestEntry.ADDRESS;
        tag = newTag;
        nested = true;
        secondStage.enter(eptp, modeBasedExecute, eptTag);
    }

    /**
     * Translates {@code gva}.
     *
     * @param kind as {@link hvsim.tlb.AccessKind}
     * @param rights what such an access needs
     * @return whether it was translated; the rest is in {@code walk}
     */
    public boolean walk(long gva, int kind, AccessRights rights, Walk walk) {
        return walk(gva, rights.need(kind), rights.deniedKeys(kind), rights.errorCode(kind), walk);
    }

    boolean walk(long gva, int need, int deniedKeys, int fault, Walk walk) {
        walk.guestReferences = 0;
        walk.secondStageReferences = 0;
        boolean done = isCanonical(gva) ? descend(gva, need, fault, walk) : stop(walk, WalkOutcome.NON_CANONICAL);
        if (done) {
            walk.outcome = WalkOutcome.TRANSLATED;
        }
        count(done, walk);
        return done;
    }

    private void count(boolean done, Walk walk) {
        if (forHypervisor) {
            hypervisorReferences += walk.guestReferences;
            return;
        }
        guestReferences += walk.guestReferences;
        if (done) {
            translated++;
            savedByGuestCache += walk.saved;
        } else {
            stopped++;
        }
    }

    /** Counts from now on for the hypervisor's own code, or for guests. */
    public void countForHypervisor(boolean hypervisor) {
        forHypervisor = hypervisor;
    }

    private static boolean isCanonical(long gva) {
        long top = gva << 64 - GVA_BITS >> CANONICAL_BITS - 1 + 64 - GVA_BITS;
        return top == 0 || top == -1;
    }

    private boolean descend(long gva, int need, int fault, Walk walk) {
        int start = caches.deepest(gva, tag, LEVELS);
        long rights = KnownTable.ALL_RIGHTS;
        long where = root;
        int uncached = 0;
        if (start < LEVELS) {
            table[start] = caches.found();
            rights = KnownTable.rights(table[start]);
            uncached = KnownTable.uncachedReferences(table[start]);
            walk.saved = uncached;
        } else {
            walk.saved = 0;
        }
        for (int level = start; ; level--) {
            if (level != start || start == LEVELS) {
                uncached += enterTable(gva, level, where, rights, uncached, walk);
                if (table[level] == KnownTable.NONE) {
                    return false;
                }
            }
            long e = read(gva, level, walk);
            uncached++;
            if (!GuestEntry.isPresent(e)) {
                return pageFault(walk, fault);
            }
            if (GuestEntry.isReserved(e, level)) {
                return pageFault(walk, fault | ERROR_PRESENT | ERROR_RESERVED);
            }
            rights &= KnownTable.rightsOf(e);
            if (GuestEntry.isLeaf(e, level)) {
                return finish(gva, start, level, rights, need, fault, walk);
            }
            where = e & GuestEntry.ADDRESS;
        }
    }

    /** Finds where the table at {@code where} is in the machine; returns the references that takes uncached. */
    private int enterTable(long gva, int level, long where, long rights, int uncached, Walk walk) {
        if (!nested) {
            table[level] = KnownTable.pack(where, true, uncached, rights);
            return 0;
        }
        tableGpa[level] = where;
        long mapping = secondStage.translateTable(where + PageTable.entryOffset(gva, level), walk);
        if (mapping == SecondStageMapping.NONE) {
            table[level] = KnownTable.NONE;
            return 0;
        }
        int levels = secondStage.levels() + 1 - SecondStageMapping.leafLevel(mapping);
        boolean writable = SecondStageMapping.isWritable(mapping);
        table[level] = KnownTable.pack(SecondStageMapping.frameHpa(mapping), writable, uncached + levels, rights);
        return levels;
    }

    private long read(long gva, int level, Walk walk) {
        long hpa = KnownTable.hpa(table[level]);
        long e = tables.read(level, hpa, gva);
        walk.guestReferences++;
        entry[level] = e;
        if (journal.isOn()) {
            journal.guest(level, hpa | PageTable.entryOffset(gva, level), e);
        }
        return e;
    }

    private boolean finish(long gva, int start, int level, long rights, int need, int fault, Walk walk) {
        int flags = KnownTable.flagsOf(rights);
        int guestNeed = need
                & (Translation.USER | Translation.SUPERVISOR | Translation.GUEST_WRITE | Translation.GUEST_EXECUTE);
        if ((flags & guestNeed) != guestNeed) {
            return pageFault(walk, fault | ERROR_PRESENT);
        }
        boolean write = (need & Translation.DIRTY) != 0;
        if (start < LEVELS && !KnownTable.isWritable(table[start]) && missingFlags(start, level, write) != 0) {
            // where the table is for the guest is not remembered, and what the second stage allows may be out of date
            caches.forget(gva, tag);
            return descend(gva, need, fault, walk);
        }
        if (!setFlags(gva, start, level, write, walk)) {
            return false;
        }
        PageSize size = PageSize.byNumber(level - 1);
        long leaf = entry[level];
        flags |= (leaf & GuestEntry.DIRTY) != 0 ? Translation.DIRTY : 0;
        flags |= (leaf & GuestEntry.GLOBAL) != 0 ? Translation.GLOBAL : 0;
        long page = GuestEntry.pageAddress(leaf, size);
        if (!nested) {
            walk.translation = Translation.pack(page, size, flags | Translation.NO_SECOND_STAGE);
        } else if (!combine(gva, page, size, flags, need, walk)) {
            return false;
        }
        for (int l = caches.isNone() ? 0 : start - 1; l >= level; l--) {
            caches.insert(gva, l, tag, table[l]);
        }
        return true;
    }

    /** Takes the final address through the second stage: the page is the smaller of the two, rights are kept apart. */
    private boolean combine(long gva, long page, PageSize size, int flags, int need, Walk walk) {
        long gpa = page | gva & size.bytes() - 1;
        long mapping = secondStage.translateData(gpa, need, flags, walk);
        if (mapping == SecondStageMapping.NONE) {
            return false;
        }
        PageSize host = SecondStageMapping.size(mapping);
        boolean cut = host.compareTo(size) < 0;
        PageSize combined = cut ? host : size;
        int all = flags | SecondStageMapping.hostFlags(mapping) | (cut ? Translation.cutFrom(size) : 0);
        walk.translation = Translation.pack(SecondStageMapping.frameHpa(mapping) & -combined.bytes(), combined, all);
        return true;
    }

    /** Sets the accessed flags that are clear, and the leaf's dirty flag for a write. */
    private boolean setFlags(long gva, int start, int level, boolean write, Walk walk) {
        for (int l = start; l >= level; l--) {
            long set = missingFlags(l, level, write);
            if (set != 0) {
                if (!KnownTable.isWritable(table[l])
                        && !secondStage.mayWriteTable(tableGpa[l] + PageTable.entryOffset(gva, l), walk)) {
                    return false;
                }
                entry[l] |= set;
                memory.write(KnownTable.hpa(table[l]) | PageTable.entryOffset(gva, l), entry[l]);
            }
        }
        return true;
    }

    private long missingFlags(int level, int leafLevel, boolean write) {
        long needed = GuestEntry.ACCESSED | (write && level == leafLevel ? GuestEntry.DIRTY : 0);
        return needed & ~entry[level];
    }

    private static boolean pageFault(Walk walk, int errorCode) {
        walk.errorCode = errorCode;
        return stop(walk, WalkOutcome.PAGE_FAULT);
    }

    private static boolean stop(Walk walk, WalkOutcome outcome) {
        walk.outcome = outcome;
        return false;
    }

    /** The page-modification log of the second stage. */
    public DirtyLog dirtyLog() {
        return secondStage.log();
    }

    public WalkStats stats() {
        return new WalkStats(
                translated,
                stopped,
                guestReferences,
                secondStage.references(),
                savedByGuestCache,
                secondStage.savedByNestedTlb(),
                secondStage.savedByStructureCache(),
                hypervisorReferences);
    }

    /** Writes or reads the counts and the address space; the caches are their owner's. */
    public void transfer(Snapshot snapshot) {
        root = snapshot.transfer(root);
        tag = snapshot.transfer(tag);
        nested = snapshot.transfer(nested);
        forHypervisor = snapshot.transfer(forHypervisor);
        hypervisorReferences = snapshot.transfer(hypervisorReferences);
        translated = snapshot.transfer(translated);
        stopped = snapshot.transfer(stopped);
        guestReferences = snapshot.transfer(guestReferences);
        savedByGuestCache = snapshot.transfer(savedByGuestCache);
        tables.forget();
        secondStage.transfer(snapshot);
    }
}
