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
    private static final int READ = (int) EptEntry.READ;
    private static final int WRITE = (int) EptEntry.WRITE;
    private static final int EITHER_EXECUTE = (int) (EptEntry.EXECUTE | EptEntry.USER_EXECUTE);
    private static final int DIRTY = (int) EptEntry.DIRTY;

    private final StructureCaches caches;
    private final TranslationCache nestedTlb;
    private final EntryReads reads;
    private final boolean observed;
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

    private final EptPath path;

    /** Walks without caches that remember, and that nobody looks at, need not read what they read before. */
    private final boolean shortens;

    private long savedByNestedTlb;
    private long savedByStructureCache;

    SecondStage(PhysicalMemory memory, WalkCaches caches, PagingCapability capability, EntryReads reads) {
        this.log = new DirtyLog(memory);
        this.subPages = new SubPagePermissions(memory, capability);
        this.path = new EptPath(memory, log);
        this.caches = caches.secondStage;
        this.nestedTlb = caches.nestedTlb;
        this.reads = reads;
        this.observed = reads.areObserved();
        this.shortens = this.caches.isNone() && !observed;
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
            path.forgetPaths();
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
                if (observed) {
                    reads.nestedTlbHit(gpa, SecondStageMapping.frameHpa(mapping));
                }
                return mapping;
            }
            nestedTlb.remove(key);
        }
        return walkTables(gpa, key, need, origin, walk);
    }

    private long walkTables(long gpa, long key, int need, long origin, Walk walk) {
        if ((gpa & beyondReach) != 0) {
            return EptStops.beyondReach(gpa, need, origin, walk);
        }
        int start = caches.deepest(gpa, tag, levels);
        if (!shortens || !path.skipTo1(gpa, root)) {
            path.start(start, start < levels ? caches.found() : root | format.rights());
        }
        int level = path.descend(format, gpa);
        count(gpa, start, level, walk);
        if (path.isAtUnusable()) {
            return EptStops.unusable(gpa, need, origin, format, path.entry(level), level, walk);
        }
        if ((need & ~DIRTY & ~path.rights()) != 0 && !mayWriteSubPage(gpa, need, origin, level, walk)) {
            return SecondStageMapping.NONE;
        }
        savedByStructureCache += levels - start;
        if (accessedDirty && path.lacksFlags(level, need & DIRTY) && !path.setFlags(gpa, level, need & DIRTY)) {
            return EptStops.logFull(gpa, level, walk);
        }
        long mapping = leafMapping(gpa, level);
        remember(gpa, key, start, level, mapping);
        return mapping;
    }

    private void count(long gpa, int start, int level, Walk walk) {
        count(start - level + 1, walk);
        if (observed) {
            path.tell(reads, gpa, start, level, walk);
        }
    }

    void count(int read, Walk walk) {
        walk.secondStageReferences += read;
    }

    private long leafMapping(long gpa, int level) {
        long leaf = path.entry(level);
        long pageMask = (1L << PageTable.shift(level)) - 1;
        long frame = leaf & GuestEntry.ADDRESS & ~pageMask | gpa & pageMask & -4096L;
        long dirty = accessedDirty ? leaf & EptEntry.DIRTY : EptEntry.DIRTY;
        return SecondStageMapping.pack(frame, level, path.rights() | dirty);
    }

    private void remember(long gpa, long key, int start, int level, long mapping) {
        nestedTlb.insert(key, mapping);
        if (shortens) {
            path.remember(gpa, root, level);
        }
        if (start > level && !caches.isNone()) {
            rememberTables(gpa, start, level);
        }
    }

    /** The structure caches learn of the tables below the one where the walk started. */
    private void rememberTables(long gpa, int start, int level) {
        long rights = format.rights();
        if (start < levels) {
            rights &= caches.found();
        }
        for (int l = start; l > level; l--) {
            rights &= path.entry(l);
            caches.insert(gpa, l - 1, tag, path.entry(l) & GuestEntry.ADDRESS | rights);
        }
    }

    /** Whether the access may be made all the same: a write, where sub-page permissions let it. */
    private boolean mayWriteSubPage(long gpa, int need, long origin, int level, Walk walk) {
        long rights = path.rights();
        long leaf = path.entry(level);
        boolean ofTranslation = (origin & EptViolation.TRANSLATION) != 0;
        if (!ofTranslation || !subPages.decideOn(need & ~DIRTY & ~rights, rights, leaf, level)) {
            EptStops.violation(gpa, need, rights, origin, StopCause.RIGHTS, leaf, level, walk);
            return false;
        }
        WalkOutcome outcome = subPages.check(gpa, reads, walk);
        count(subPages.references(), walk);
        if (outcome == WalkOutcome.EPT_VIOLATION) {
            EptStops.violation(gpa, need, rights, origin, StopCause.SUB_PAGE, leaf, level, walk);
        } else if (outcome != WalkOutcome.TRANSLATED) {
            EptStops.subPageTables(gpa, outcome, subPages.level(), walk);
        }
        return outcome == WalkOutcome.TRANSLATED;
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
        savedByNestedTlb = snapshot.transfer(savedByNestedTlb);
        savedByStructureCache = snapshot.transfer(savedByStructureCache);
    }
}
