package hvsim.ept;

import hvsim.tlb.Snapshot;
import hvsim.tlb.Translation;
import hvsim.tlb.TranslationCache;

/**
 * Guest-physical to machine addresses: the nested TLB, else a walk of the extended page tables.
 *
 * <p>Order of checks in one walk (SDM vol. 3, 28.2.3.3): at each level, not present before malformed; the
 * accumulated rights only after the leaf. So a malformed entry further down wins over a missing right above.
 */
final class SecondStage {
    // Exit qualification of an EPT violation (SDM vol. 3, table 27-7).
    private static final long QUALIFICATION_READ = 1;
    private static final long QUALIFICATION_WRITE = 1 << 1;
    private static final long QUALIFICATION_FETCH = 1 << 2;
    private static final int QUALIFICATION_RIGHTS_SHIFT = 3;
    private static final long QUALIFICATION_LINEAR_VALID = 1 << 7;
    private static final long QUALIFICATION_TRANSLATION = 1 << 8;

    private static final int LEVELS = PageTable.LEVELS;
    private static final long NO_PATH = -1;
    private static final int HOST_RIGHTS_SHIFT = Integer.numberOfTrailingZeros(Translation.HOST_READ);
    private static final int HOST_NEED =
            Translation.HOST_READ | Translation.HOST_WRITE | Translation.HOST_EXECUTE | Translation.HOST_DIRTY;

    private final PhysicalMemory memory;
    private final StructureCaches caches;
    private final TranslationCache nestedTlb;
    private final WalkJournal journal;

    private long root;
    private int tag;
    private boolean accessedDirty;
    private int tableNeed;

    // Of the walk under way, by level.
    private final RecentTables tables;
    private final RecentPaths paths;
    private final long[] tableHpa = new long[LEVELS + 1];
    private final long[] entry = new long[LEVELS + 1];

    private long references;
    private long savedByNestedTlb;
    private long savedByStructureCache;

    SecondStage(PhysicalMemory memory, WalkCaches caches, WalkJournal journal) {
        this.memory = memory;
        this.tables = new RecentTables(memory);
        this.paths = new RecentPaths(memory);
        this.caches = caches.secondStage;
        this.nestedTlb = caches.nestedTlb;
        this.journal = journal;
    }

    void enter(long eptRoot, int newTag, boolean keepsAccessedDirty) {
        if (accessedDirty != keepsAccessedDirty) {
            paths.forget();
        }
        root = eptRoot;
        tag = newTag;
        accessedDirty = keepsAccessedDirty;
        // with accessed and dirty flags on, reading a guest table counts as writing it (28.2.4)
        tableNeed = Translation.HOST_READ | (accessedDirty ? Translation.HOST_WRITE | Translation.HOST_DIRTY : 0);
    }

    /** Translates the address of an entry of the guest's tables. */
    long translateTable(long gpa, Walk walk) {
        return translate(gpa, tableNeed, QUALIFICATION_LINEAR_VALID, walk);
    }

    /** Whether an accessed or dirty flag of a guest's table can be written; if not, an EPT violation by a read and a write. */
    boolean mayWriteTable(long gpa, Walk walk) {
        int need = Translation.HOST_READ | Translation.HOST_WRITE;
        return translate(gpa, need, QUALIFICATION_LINEAR_VALID, walk) != SecondStageMapping.NONE;
    }

    /** Translates the address that a linear address leads to; of {@code need} the host bits count. */
    long translateData(long gpa, int need, Walk walk) {
        return translate(gpa, need & HOST_NEED, QUALIFICATION_LINEAR_VALID | QUALIFICATION_TRANSLATION, walk);
    }

    private long translate(long gpa, int need, long origin, Walk walk) {
        long key = SecondStageMapping.key(gpa, tag);
        int slot = nestedTlb.entries() == 0 ? TranslationCache.ABSENT : nestedTlb.find(key);
        if (slot >= 0) {
            long mapping = nestedTlb.value(slot);
            if ((mapping & need) == need) {
                nestedTlb.touch(key, slot);
                int saved = LEVELS + 1 - SecondStageMapping.leafLevel(mapping);
                savedByNestedTlb += saved;
                journal.nestedTlbHit(gpa, SecondStageMapping.frameHpa(mapping));
                return mapping;
            }
            nestedTlb.remove(key);
        }
        return walkTables(gpa, key, need, origin, walk);
    }

    private long walkTables(long gpa, long key, int need, long origin, Walk walk) {
        int start = caches.deepest(gpa, tag, LEVELS);
        long rights = EptEntry.RIGHTS;
        long where = root;
        if (start < LEVELS) {
            rights = caches.found() & EptEntry.RIGHTS;
            where = caches.found() & GuestEntry.ADDRESS;
        }
        int level = start;
        long accessed = EptEntry.ACCESSED;
        long pathRights = rights;
        boolean shortens = caches.isNone() && !journal.isOn();
        long path = shortens ? paths.find(root, gpa) : NO_PATH;
        if (path != NO_PATH) {
            level = 1;
            rights = path & EptEntry.RIGHTS;
            where = path & GuestEntry.ADDRESS;
        }
        for (; ; level--) {
            long e = tables.read(level, where, gpa);
            tableHpa[level] = where;
            entry[level] = e;
            if (!EptEntry.isPresent(e)) {
                count(gpa, start, level, walk);
                return violation(gpa, need, 0, origin, walk);
            }
            if (EptEntry.isMisconfigured(e, level)) {
                count(gpa, start, level, walk);
                return misconfiguration(gpa, walk);
            }
            pathRights = rights;
            rights &= e;
            accessed &= e;
            if (EptEntry.isLeaf(e, level)) {
                break;
            }
            where = e & GuestEntry.ADDRESS;
        }
        count(gpa, start, level, walk);
        int granted = (int) (rights & EptEntry.RIGHTS) << HOST_RIGHTS_SHIFT;
        if ((need & ~Translation.HOST_DIRTY & ~granted) != 0) {
            return violation(gpa, need, rights & EptEntry.RIGHTS, origin, walk);
        }
        savedByStructureCache += LEVELS - start;
        int dirty = accessedDirty
                ? setFlags(gpa, path == NO_PATH ? start : level, level, accessed, need)
                : Translation.HOST_DIRTY;
        long mapping = leafMapping(gpa, level, granted | dirty);
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

    private static long misconfiguration(long gpa, Walk walk) {
        walk.gpa = gpa;
        walk.outcome = WalkOutcome.EPT_MISCONFIGURATION;
        return SecondStageMapping.NONE;
    }

    private long leafMapping(long gpa, int level, int hostFlags) {
        long pageMask = (1L << PageTable.shift(level)) - 1;
        long frame = entry[level] & GuestEntry.ADDRESS & ~pageMask | gpa & pageMask & -4096L;
        return SecondStageMapping.pack(frame, level, hostFlags);
    }

    /** Sets accessed and dirty flags in memory; returns whether a write needs no further walk. */
    private int setFlags(long gpa, int start, int level, long accessed, int need) {
        long dirty = (need & Translation.HOST_DIRTY) != 0 ? EptEntry.DIRTY : 0;
        if (accessed == 0 || (dirty & ~entry[level]) != 0) {
            for (int l = start; l >= level; l--) {
                setFlags(gpa, l, EptEntry.ACCESSED | (l == level ? dirty : 0));
            }
        }
        return (entry[level] & EptEntry.DIRTY) != 0 ? Translation.HOST_DIRTY : 0;
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
        long rights = EptEntry.RIGHTS;
        if (start < LEVELS) {
            rights &= caches.found();
        }
        for (int l = start; l > level; l--) {
            rights &= entry[l];
            caches.insert(gpa, l - 1, tag, entry[l] & GuestEntry.ADDRESS | rights & EptEntry.RIGHTS);
        }
    }

    private static long violation(long gpa, int need, long rights, long origin, Walk walk) {
        boolean write = (need & Translation.HOST_WRITE) != 0;
        walk.gpa = gpa;
        walk.qualification = origin
                | rights << QUALIFICATION_RIGHTS_SHIFT
                | ((need & Translation.HOST_READ) != 0 ? QUALIFICATION_READ : 0)
                | (write ? QUALIFICATION_WRITE : 0)
                | ((need & Translation.HOST_EXECUTE) != 0 ? QUALIFICATION_FETCH : 0);
        walk.outcome = WalkOutcome.EPT_VIOLATION;
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
        enter(snapshot.transfer(root), snapshot.transfer(tag), snapshot.transfer(accessedDirty));
        tables.forget();
        paths.forget();
        references = snapshot.transfer(references);
        savedByNestedTlb = snapshot.transfer(savedByNestedTlb);
        savedByStructureCache = snapshot.transfer(savedByStructureCache);
    }
}
