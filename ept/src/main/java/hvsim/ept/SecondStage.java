package hvsim.ept;

import hvsim.tlb.Snapshot;
import hvsim.tlb.Translation;
import hvsim.tlb.TranslationCache;

/**
 * Guest-physical to machine addresses: the nested TLB, else a walk of the extended page tables.
 *
 * <p>Order of checks in one walk (SDM vol. 3, 325384-059US, 28.2.3.3): at each level, not present before malformed; the
 * accumulated rights only after the leaf. So a malformed entry further down wins over a missing right above. Then
 * accessed and dirty flags are set (28.2.4), if the page-modification log has room (28.2.5).
 */
final class SecondStage {
    private static final int FOUR_LEVELS_SHIFT = 48;
    private static final long NO_PATH = -1;
    private static final int READ = (int) EptEntry.READ;
    private static final int WRITE = (int) EptEntry.WRITE;
    private static final int EITHER_EXECUTE = (int) (EptEntry.EXECUTE | EptEntry.USER_EXECUTE);
    private static final int DIRTY = (int) EptEntry.DIRTY;

    private final PhysicalMemory memory;
    private final StructureCaches caches;
    private final TranslationCache nestedTlb;
    private final WalkJournal journal;
    private final EptFormat plain;
    private final EptFormat modeBased;
    private final DirtyLog log;
    private final long reported;

    private long eptp;
    private EptFormat format;
    private int tag;

    // Of the pointer.
    private long root;
    private int levels;
    private boolean accessedDirty;
    private int tableNeed;
    private long beyondReach;

    // Of the walk under way, by level.
    private final RecentTables tables;
    private final RecentPaths paths;
    private final long[] tableHpa = new long[PageTable.MAX_LEVELS + 1];
    private final long[] entry = new long[PageTable.MAX_LEVELS + 1];

    private long references;
    private long savedByNestedTlb;
    private long savedByStructureCache;

    SecondStage(PhysicalMemory memory, WalkCaches caches, PagingCapability capability, WalkJournal journal) {
        this.memory = memory;
        this.tables = new RecentTables(memory);
        this.paths = new RecentPaths(memory);
        this.caches = caches.secondStage;
        this.nestedTlb = caches.nestedTlb;
        this.journal = journal;
        this.log = new DirtyLog(memory);
        plain = new EptFormat(capability, false);
        modeBased = new EptFormat(capability, true);
        format = plain;
        boolean advanced = capability.has(EptVpidCapability.ADVANCED_VIOLATION_INFORMATION);
        reported = advanced ? -1 : ~EptViolation.ADVANCED;
    }

    void enter(long newEptp, boolean modeBasedExecute, int newTag) {
        EptFormat newFormat = modeBasedExecute ? modeBased : plain;
        if (format != newFormat || (eptp ^ newEptp) != (EptPointer.ep4ta(eptp) ^ EptPointer.ep4ta(newEptp))) {
            paths.forget();
        }
        format = newFormat;
        tag = newTag;
        eptp = newEptp;
        root = EptPointer.ep4ta(eptp);
        levels = EptPointer.levels(eptp);
        beyondReach = levels < PageTable.MAX_LEVELS ? -1L << FOUR_LEVELS_SHIFT : 0;
        accessedDirty = EptPointer.keepsAccessedDirty(eptp);
        // with accessed and dirty flags on, reading a guest table counts as writing it (28.2.4)
        tableNeed = READ | (accessedDirty ? WRITE | DIRTY : 0);
    }

    int levels() {
        return levels;
    }

    DirtyLog log() {
        return log;
    }

    /** Translates the address of an entry of the guest's tables. */
    long translateTable(long gpa, Walk walk) {
        return translate(gpa, tableNeed, EptViolation.LINEAR_VALID, walk);
    }

    /** Translates the address of a page-directory-pointer-table entry that a register is loaded with: always a read. */
    long translateRegister(long gpa, Walk walk) {
        return translate(gpa, READ, 0, walk);
    }

    /** Whether an accessed or dirty flag of a guest's table can be written; if not, an EPT violation by a read and a write. */
    boolean mayWriteTable(long gpa, Walk walk) {
        return translate(gpa, READ | WRITE, EptViolation.LINEAR_VALID, walk) != SecondStageMapping.NONE;
    }

    /**
     * Translates the address that a linear address leads to.
     *
     * @param need as a {@link Translation}; the host bits count
     * @param flags of the linear address, by the guest's tables: U or S, W, X; without paging U, W and X
     * @return in it X is the right that applies to this address, by its mode
     */
    long translateData(long gpa, int need, int flags, Walk walk) {
        long origin = EptViolation.ofTranslation(flags) & reported;
        int hostNeed = SecondStageMapping.need(need);
        if (format == plain || (flags & Translation.USER) == 0) {
            return translate(gpa, hostNeed, origin, walk);
        }
        int userNeed = (hostNeed & EptEntry.EXECUTE) != 0 ? hostNeed ^ EITHER_EXECUTE : hostNeed;
        return SecondStageMapping.ofUserAddress(translate(gpa, userNeed, origin, walk));
    }

    private long translate(long gpa, int need, long origin, Walk walk) {
        long key = SecondStageMapping.key(gpa, tag);
        int slot = nestedTlb.entries() == 0 ? TranslationCache.ABSENT : nestedTlb.find(key);
        if (slot >= 0) {
            long mapping = nestedTlb.value(slot);
            if ((mapping & need) == need) {
                nestedTlb.touch(key, slot);
                int saved = levels + 1 - SecondStageMapping.leafLevel(mapping);
                savedByNestedTlb += saved;
                journal.nestedTlbHit(gpa, SecondStageMapping.frameHpa(mapping));
                return mapping;
            }
            nestedTlb.remove(key);
        }
        return walkTables(gpa, key, need, origin, walk);
    }

    private long walkTables(long gpa, long key, int need, long origin, Walk walk) {
        if ((gpa & beyondReach) != 0) {
            walk.convertible = false;
            return violation(gpa, need, 0, origin, StopCause.ADDRESS_WIDTH, 0, walk);
        }
        EptFormat f = format;
        int start = caches.deepest(gpa, tag, levels);
        long rights = f.rights();
        long where = root;
        if (start < levels) {
            rights &= caches.found();
            where = caches.found() & GuestEntry.ADDRESS;
        }
        int level = start;
        long accessed = EptEntry.ACCESSED;
        long pathRights = rights;
        boolean shortens = caches.isNone() && !journal.isOn();
        long path = shortens ? paths.find(root, gpa) : NO_PATH;
        if (path != NO_PATH) {
            level = 1;
            rights &= path;
            where = path & GuestEntry.ADDRESS;
        }
        for (; ; level--) {
            long e = tables.read(level, where, gpa);
            tableHpa[level] = where;
            entry[level] = e;
            if (!f.isPresent(e)) {
                count(gpa, start, level, walk);
                return denied(gpa, need, 0, origin, StopCause.NOT_PRESENT, level, walk);
            }
            boolean leaf = f.isLeaf(e, level);
            if (f.isMisconfigured(e, level, leaf)) {
                count(gpa, start, level, walk);
                return misconfiguration(gpa, level, walk);
            }
            pathRights = rights;
            rights &= e;
            accessed &= e;
            if (leaf) {
                break;
            }
            where = e & GuestEntry.ADDRESS;
        }
        count(gpa, start, level, walk);
        if ((need & ~DIRTY & ~rights) != 0) {
            return denied(gpa, need, rights, origin, StopCause.RIGHTS, level, walk);
        }
        savedByStructureCache += levels - start;
        long dirty = EptEntry.DIRTY;
        if (accessedDirty) {
            if ((accessed == 0 || (need & DIRTY & ~entry[level]) != 0)
                    && !setFlags(gpa, path == NO_PATH ? start : level, level, need, walk)) {
                return SecondStageMapping.NONE;
            }
            dirty = entry[level] & EptEntry.DIRTY;
        }
        long mapping = leafMapping(gpa, level, rights | dirty);
        remember(gpa, key, start, level, mapping);
        if (shortens && level == 1 && path == NO_PATH) {
            paths.remember(root, gpa, where, pathRights);
        }
        return mapping;
    }

    private void count(long gpa, int start, int level, Walk walk) {
        int read = start - level + 1;
        walk.secondStageReferences += read;
        references += read;
        for (int l = start; journal.isOn() && l >= level; l--) {
            journal.secondStage(l, tableHpa[l] | PageTable.entryOffset(gpa, l), entry[l], gpa);
        }
    }

    private long leafMapping(long gpa, int level, long flags) {
        long pageMask = (1L << PageTable.shift(level)) - 1;
        long frame = entry[level] & GuestEntry.ADDRESS & ~pageMask | gpa & pageMask & -4096L;
        return SecondStageMapping.pack(frame, level, flags);
    }

    /** Sets accessed and dirty flags in memory; false if the log is full, and then none. */
    private boolean setFlags(long gpa, int start, int leafLevel, int need, Walk walk) {
        if (log.isFull()) {
            stop(gpa, WalkOutcome.PML_FULL, StopCause.LOG_FULL, leafLevel, walk);
            return false;
        }
        for (int l = start; l > leafLevel; l--) {
            setFlags(gpa, l, EptEntry.ACCESSED);
        }
        boolean becomesDirty = (need & DIRTY & ~entry[leafLevel]) != 0;
        setFlags(gpa, leafLevel, EptEntry.ACCESSED | need & DIRTY);
        if (becomesDirty) {
            log.append(gpa);
        }
        return true;
    }

    private void setFlags(long gpa, int level, long flags) {
        if ((entry[level] & flags) != flags) {
            entry[level] |= flags;
            memory.write(tableHpa[level] | PageTable.entryOffset(gpa, level), entry[level]);
        }
    }

    private void remember(long gpa, long key, int start, int level, long mapping) {
        nestedTlb.insert(key, mapping);
        if (caches.isNone()) {
            return;
        }
        long rights = format.rights();
        if (start < levels) {
            rights &= caches.found();
        }
        for (int l = start; l > level; l--) {
            rights &= entry[l];
            caches.insert(gpa, l - 1, tag, entry[l] & GuestEntry.ADDRESS | rights);
        }
    }

    /** The entry of {@code level} decided; it also says whether the violation may become a virtualization exception. */
    private long denied(long gpa, int need, long rights, long origin, StopCause cause, int level, Walk walk) {
        walk.convertible = (entry[level] & EptEntry.SUPPRESS_VE) == 0;
        return violation(gpa, need, rights, origin, cause, level, walk);
    }

    private static long violation(long gpa, int need, long rights, long origin, StopCause cause, int level, Walk walk) {
        walk.qualification = EptViolation.qualification(need, rights, origin);
        return stop(gpa, WalkOutcome.EPT_VIOLATION, cause, level, walk);
    }

    private long misconfiguration(long gpa, int level, Walk walk) {
        StopCause cause = format.misconfiguration(entry[level], level);
        return stop(gpa, WalkOutcome.EPT_MISCONFIGURATION, cause, level, walk);
    }

    private static long stop(long gpa, WalkOutcome outcome, StopCause cause, int level, Walk walk) {
        walk.gpa = gpa;
        walk.outcome = outcome;
        walk.stopCause = cause;
        walk.stopLevel = level;
        return SecondStageMapping.NONE;
    }

    long references() {
        return references;
    }

    long savedByNestedTlb() {
        return savedByNestedTlb;
    }

    long savedByStructureCache() {
        return savedByStructureCache;
    }

    void transfer(Snapshot snapshot) {
        long savedEptp = snapshot.transfer(eptp);
        boolean savedModeBased = snapshot.transfer(format == modeBased);
        enter(savedEptp, savedModeBased, snapshot.transfer(tag));
        log.transfer(snapshot);
        tables.forget();
        paths.forget();
        references = snapshot.transfer(references);
        savedByNestedTlb = snapshot.transfer(savedByNestedTlb);
        savedByStructureCache = snapshot.transfer(savedByStructureCache);
    }
}
