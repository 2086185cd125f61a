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
    private static final long QUALIFICATION_SPP_MISS = 1 << 11;
    private static final int READ = (int) EptEntry.READ;
    private static final int WRITE = (int) EptEntry.WRITE;
    private static final int EITHER_EXECUTE = (int) (EptEntry.EXECUTE | EptEntry.USER_EXECUTE);
    private static final int DIRTY = (int) EptEntry.DIRTY;

    private final StructureCaches caches;
    private final TranslationCache nestedTlb;
    private final EntryReads reads;
    private final EptFormat plain;
    private final EptFormat modeBased;
    private final DirtyLog log;
    private final SubPagePermissions subPages;

    /** Bits of a violation's qualification that the processor reports. */
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

    private final RecentPaths paths;
    private final EptPath path;

    private long savedByNestedTlb;
    private long savedByStructureCache;

    SecondStage(PhysicalMemory memory, WalkCaches caches, PagingCapability capability, EntryReads reads) {
        this.log = new DirtyLog(memory);
        this.subPages = new SubPagePermissions(memory, capability);
        this.path = new EptPath(memory, log);
        this.paths = new RecentPaths(memory);
        this.caches = caches.secondStage;
        this.nestedTlb = caches.nestedTlb;
        this.reads = reads;
        plain = new EptFormat(capability, false);
        modeBased = new EptFormat(capability, true);
        format = plain;
        boolean advanced = capability.has(EptVpidCapability.ADVANCED_VIOLATION_INFORMATION);
        reported = advanced ? -1 : ~EptViolation.ADVANCED;
    }

    /** Whether addresses may be translated in another way from now on. */
    boolean enter(long newEptp, boolean modeBasedExecute, int newTag) {
        EptFormat newFormat = modeBasedExecute ? modeBased : plain;
        boolean changed = format != newFormat || eptp != newEptp;
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
        return changed;
    }

    int levels() {
        return levels;
    }

    DirtyLog log() {
        return log;
    }

    SubPagePermissions subPages() {
        return subPages;
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
                reads.nestedTlbHit(gpa, SecondStageMapping.frameHpa(mapping));
                return mapping;
            }
            nestedTlb.remove(key);
        }
        return walkTables(gpa, key, need, origin, walk);
    }

    private long walkTables(long gpa, long key, int need, long origin, Walk walk) {
        if ((gpa & beyondReach) != 0) {
            return beyondReach(gpa, need, origin, walk);
        }
        EptFormat f = format;
        int start = caches.deepest(gpa, tag, levels);
        long rights = f.rights();
        long where = root;
        if (start < levels) {
            rights &= caches.found();
            where = caches.found() & GuestEntry.ADDRESS;
        }
        int top = start;
        boolean shortens = caches.isNone() && !reads.areObserved();
        long recent = shortens ? paths.find(root, gpa) : RecentPaths.NONE;
        if (recent != RecentPaths.NONE) {
            top = 1;
            rights &= recent;
            where = recent & GuestEntry.ADDRESS;
        }
        int level = top;
        long accessed = EptEntry.ACCESSED;
        long rightsAbove = rights;
        for (; ; level--) {
            long e = path.read(level, where, gpa);
            boolean leaf = false;
            if (!f.isReadableTable(e, level)) {
                leaf = f.isLeaf(e, level);
                if (!f.isPresent(e) || f.isMisconfigured(e, level, leaf)) {
                    count(gpa, start, level, walk);
                    return refused(gpa, need, origin, level, walk);
                }
            }
            rightsAbove = rights;
            rights &= e;
            accessed &= e;
            if (leaf) {
                break;
            }
            where = e & GuestEntry.ADDRESS;
        }
        count(gpa, start, level, walk);
        if ((need & ~DIRTY & ~rights) != 0 && !mayWriteSubPage(gpa, need, rights, origin, level, walk)) {
            return SecondStageMapping.NONE;
        }
        savedByStructureCache += levels - start;
        if (accessedDirty && (accessed == 0 || (need & DIRTY & ~path.entry(level)) != 0)) {
            if (!path.setFlags(gpa, top, level, need & DIRTY)) {
                return stop(gpa, WalkOutcome.PML_FULL, StopCause.LOG_FULL, level, walk);
            }
        }
        long mapping = leafMapping(gpa, level, rights);
        remember(gpa, key, start, level, mapping);
        if (shortens && level == 1 && recent == RecentPaths.NONE) {
            paths.remember(root, gpa, where, rightsAbove);
        }
        return mapping;
    }

    private void count(long gpa, int start, int level, Walk walk) {
        count(start - level + 1, walk);
        if (reads.areObserved()) {
            path.tell(reads, gpa, start, level, walk);
        }
    }

    void count(int read, Walk walk) {
        walk.secondStageReferences += read;
    }

    private long leafMapping(long gpa, int level, long rights) {
        long leaf = path.entry(level);
        long pageMask = (1L << PageTable.shift(level)) - 1;
        long frame = leaf & GuestEntry.ADDRESS & ~pageMask | gpa & pageMask & -4096L;
        long dirty = accessedDirty ? leaf & EptEntry.DIRTY : EptEntry.DIRTY;
        return SecondStageMapping.pack(frame, level, rights | dirty);
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
            rights &= path.entry(l);
            caches.insert(gpa, l - 1, tag, path.entry(l) & GuestEntry.ADDRESS | rights);
        }
    }

    /** An address that so few levels do not translate; no entry says that it may be a virtualization exception. */
    private static long beyondReach(long gpa, int need, long origin, Walk walk) {
        walk.convertible = false;
        walk.qualification = EptViolation.qualification(need, 0, origin);
        return stop(gpa, WalkOutcome.EPT_VIOLATION, StopCause.ADDRESS_WIDTH, 0, walk);
    }

    /** By an entry that is not present or malformed. */
    private long refused(long gpa, int need, long origin, int level, Walk walk) {
        long e = path.entry(level);
        return format.isPresent(e)
                ? stop(gpa, WalkOutcome.EPT_MISCONFIGURATION, format.misconfiguration(e, level), level, walk)
                : violation(gpa, need, 0, origin, StopCause.NOT_PRESENT, level, walk);
    }

    /** The entry of {@code level} decided; it also says whether this may become a virtualization exception. */
    private long violation(long gpa, int need, long rights, long origin, StopCause cause, int level, Walk walk) {
        walk.convertible = (path.entry(level) & EptEntry.SUPPRESS_VE) == 0;
        walk.qualification = EptViolation.qualification(need, rights, origin);
        return stop(gpa, WalkOutcome.EPT_VIOLATION, cause, level, walk);
    }

    /** Whether the access may be made all the same: a write, where sub-page permissions let it. */
    private boolean mayWriteSubPage(long gpa, int need, long rights, long origin, int level, Walk walk) {
        boolean ofTranslation = (origin & EptViolation.TRANSLATION) != 0;
        if (!ofTranslation || !subPages.decideOn(need & ~DIRTY & ~rights, rights, path.entry(level), level)) {
            violation(gpa, need, rights, origin, StopCause.RIGHTS, level, walk);
            return false;
        }
        WalkOutcome outcome = subPages.check(gpa, reads, walk);
        count(subPages.references(), walk);
        if (outcome == WalkOutcome.EPT_VIOLATION) {
            violation(gpa, need, rights, origin, StopCause.SUB_PAGE, level, walk);
        } else if (outcome != WalkOutcome.TRANSLATED) {
            boolean miss = outcome == WalkOutcome.SPP_MISS;
            walk.qualification = miss ? QUALIFICATION_SPP_MISS : 0;
            stop(gpa, outcome, miss ? StopCause.NOT_PRESENT : StopCause.RESERVED_BIT, subPages.level(), walk);
        }
        return outcome == WalkOutcome.TRANSLATED;
    }

    private static long stop(long gpa, WalkOutcome outcome, StopCause cause, int level, Walk walk) {
        walk.gpa = gpa;
        walk.outcome = outcome;
        walk.stopCause = cause;
        walk.stopLevel = level;
        return SecondStageMapping.NONE;
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
        subPages.transfer(snapshot);
        path.forget();
        paths.forget();
        savedByNestedTlb = snapshot.transfer(savedByNestedTlb);
        savedByStructureCache = snapshot.transfer(savedByStructureCache);
    }
}
