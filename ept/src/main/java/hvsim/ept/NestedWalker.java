package hvsim.ept;

import hvsim.ept.cache.CoreCaches;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.tlb.Translation;
import org.jspecify.annotations.Nullable;

/**
 * Walks the guest's tables, taking every table address and the final address through the second stage
 * ({@link SecondStage}); without one, a native walk. Reads real entries, sets accessed and dirty flags in
 * memory, and counts every reference.
 *
 * <p>Order of events: SDM vol. 3 (325384-059US), 28.2.3 and 28.3. Faults come as they are met on the way
 * down; the guest's rights are checked at the leaf; only then are accessed and dirty flags written; last,
 * the final address goes through the second stage with the real access. Of a walk that was stopped the
 * guest's structures remember nothing; what the second stage translated on the way stays remembered.
 *
 * <p>What differs between paging modes is decided when one is entered: how many levels there are, what their
 * entries mean ({@link EntryRules}), how wide they are ({@link GuestTables}), and what is canonical.
 */
public final class NestedWalker {
    private static final int GUEST_NEED =
            Translation.USER | Translation.SUPERVISOR | Translation.GUEST_WRITE | Translation.GUEST_EXECUTE;

    /** What a linear address has without paging, when it counts as a user-mode one (SDM vol. 3, table 27-7). */
    private static final int WITHOUT_PAGING =
            Translation.USER | Translation.GUEST_WRITE | Translation.GUEST_EXECUTE | Translation.DIRTY;

    /** In place of a level. */
    private static final int STOPPED = 0;

    private final StructureCaches caches;
    private final SecondStage secondStage;
    private final EntryRules[] rulesByNumber;

    private GuestPaging paging = GuestPaging.byNumber(0);
    private EntryRules rules;
    private int levels;
    private PagingMode mode = PagingMode.OFF;
    private long root;
    private final Pdptes pdptes;
    private int tag;
    private boolean nested;

    // Of the access under way.
    private int need;
    private int deniedKeys;
    private int fault;

    private final GuestPath path;
    private final WalkCounts counts = new WalkCounts();

    public NestedWalker(PhysicalMemory memory, WalkCaches caches) {
        this(memory, caches, PagingCapability.ALL, WalkJournal.NONE);
    }

    /** A walker that tells {@code hierarchy} of each reference, which says how long it takes; null for none. */
    public NestedWalker(PhysicalMemory memory, WalkCaches caches, @Nullable CoreCaches hierarchy) {
        this(memory, caches, PagingCapability.ALL, WalkJournal.NONE, hierarchy);
    }

    /** A walker of a processor that can do what {@code capability} says, and that writes down each reference. */
    public NestedWalker(PhysicalMemory memory, WalkCaches caches, PagingCapability capability, WalkJournal journal) {
        this(memory, caches, capability, journal, null);
    }

    NestedWalker(
            PhysicalMemory memory,
            WalkCaches caches,
            PagingCapability capability,
            WalkJournal journal,
            @Nullable CoreCaches hierarchy) {
        EntryReads reads = new EntryReads(journal, hierarchy);
        this.pdptes = new Pdptes(memory, reads);
        this.caches = caches.guest;
        this.secondStage = new SecondStage(memory, caches, capability, reads);
        this.path = new GuestPath(memory, caches, secondStage, reads);
        this.rulesByNumber = EntryRules.all(capability);
        this.rules = rulesByNumber[paging.number()];
        enterPaging(paging);
    }

    /**
     * From now on walks are native: one stage.
     *
     * @param cr3 physical address of the root table in bits 51:12
     * @param pdpteRegisters for PAE paging; whoever changes them enters again
     * @param newTag of linear mappings
     */
    public void enterNative(GuestPaging newPaging, long cr3, long[] pdpteRegisters, int newTag) {
        enterTables(newPaging, cr3, pdpteRegisters, newTag);
        enterStages(false);
    }

    /**
     * From now on walks are nested.
     *
     * @param cr3 guest-physical address of the guest's root table in bits 51:12
     * @param pdpteRegisters for PAE paging; whoever changes them enters again
     * @param newTag of combined mappings
     * @param eptp EPT pointer, as {@link EptPointer} reads it
     * @param modeBasedExecute whether entries allow execution apart for user and supervisor addresses
     * @param eptTag of guest-physical mappings
     */
    public void enterNested(
            GuestPaging newPaging,
            long cr3,
            long[] pdpteRegisters,
            int newTag,
            long eptp,
            boolean modeBasedExecute,
            int eptTag) {
        enterTables(newPaging, cr3, pdpteRegisters, newTag);
        enterStages(true);
        if (secondStage.enter(eptp, modeBasedExecute, eptTag)) {
            path.forgetTwoStages();
        }
    }

    private void enterStages(boolean two) {
        nested = two;
        path.enter(two);
    }

    private void enterTables(GuestPaging newPaging, long cr3, long[] pdpteRegisters, int newTag) {
        tag = newTag;
        if (newPaging.number() != paging.number()) {
            enterPaging(newPaging);
        }
        root = cr3 & mode.rootMask();
        if (mode == PagingMode.PAE) {
            pdptes.enter(pdpteRegisters);
        }
    }

    private void enterPaging(GuestPaging newPaging) {
        paging = newPaging;
        mode = newPaging.mode();
        rules = rulesByNumber[newPaging.number()];
        levels = mode.levels();
        path.enterEntries(newPaging);
        caches.enter(mode == PagingMode.TWO_LEVEL);
    }

    /**
     * Loads the four registers of PAE paging from where {@code cr3} says, as MOV to CR3 does, through the second
     * stage in force. The outcome is RESERVED_PDPTE if an entry that is present has a reserved bit set.
     *
     * @param into changed only if all is well
     * @return whether they were loaded; the rest is in {@code walk}
     */
    public boolean loadPdptes(long cr3, long[] into, Walk walk) {
        walk.begin();
        boolean loaded = pdptes.load(cr3, into, nested ? secondStage : null, rules, walk);
        counts.addReferences(walk);
        return loaded;
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

    boolean walk(long gva, int newNeed, int newDeniedKeys, int newFault, Walk walk) {
        need = newNeed;
        deniedKeys = newDeniedKeys;
        fault = newFault;
        walk.begin();
        long address = mode.linearAddress(gva);
        boolean done = mode.isCanonical(address)
                ? levels == 0 ? withoutPaging(address, walk) : descend(address, walk)
                : walk.stop(WalkOutcome.NON_CANONICAL, StopCause.NON_CANONICAL, 0);
        if (done) {
            walk.outcome = WalkOutcome.TRANSLATED;
        }
        counts.add(done, walk);
        return done;
    }

    /** Counts from now on for the hypervisor's own code, or for guests. */
    public void countForHypervisor(boolean hypervisor) {
        counts.countForHypervisor(hypervisor);
    }

    /** A linear address is a physical one, and no entry cuts it into pages but the second stage's. */
    private boolean withoutPaging(long address, Walk walk) {
        long page = address & -PageSize.SIZE_1G.bytes();
        boolean done = complete(address, page, PageSize.SIZE_1G, WITHOUT_PAGING, walk);
        walk.translation &= ~Translation.CUT;
        return done;
    }

    private boolean descend(long gva, Walk walk) {
        int start = caches.deepest(gva, tag, levels);
        if (start < levels) {
            path.start(start, caches.found());
            walk.saved = KnownTable.uncachedReferences(caches.found());
        } else {
            start = startAtRoot(gva, walk);
            if (start == STOPPED) {
                return false;
            }
        }
        long accessed = GuestEntry.ACCESSED;
        for (int level = start; ; level--) {
            long e = path.read(gva, level, walk);
            accessed &= e;
            boolean isTable = rules.isTable(e, level);
            if (!isTable || !path.enterNext(gva, level, walk)) {
                walk.guestReferences += start - level + 1;
                return !isTable && finish(gva, start, level, accessed != 0, walk);
            }
        }
    }

    /** Comes to the table of the level returned, or is stopped. */
    private int startAtRoot(long gva, Walk walk) {
        long where = root;
        walk.saved = 0;
        if (mode == PagingMode.PAE) {
            long pdpte = pdptes.entry(gva);
            if (!GuestEntry.isPresent(pdpte)) {
                PageFaults.notPresent(fault, Walk.PDPTE_LEVEL, walk);
                return STOPPED;
            }
            where = pdpte & GuestEntry.ADDRESS;
        }
        if (path.skipTo1(gva, where, levels, walk)) {
            return 1;
        }
        return path.enter(gva, levels, where, KnownTable.ALL_RIGHTS, 0, walk) ? levels : STOPPED;
    }

    /**
     * At an entry that points to no table.
     *
     * @param accessed whether all entries that were read have their accessed flag
     */
    private boolean finish(long gva, int start, int level, boolean accessed, Walk walk) {
        long leaf = path.entry(level);
        if (!rules.isUsablePage(leaf, level)) {
            return PageFaults.unusable(leaf, fault, level, walk);
        }
        int flags = KnownTable.flagsOf(path.rights(level));
        if ((need & GUEST_NEED & ~flags) != 0 || deniedKeys != 0 && isKeyDenied(leaf, flags)) {
            boolean byRights = (need & GUEST_NEED & ~flags) != 0;
            return PageFaults.forbidden(byRights, isKeyDenied(leaf, flags), fault, level, walk);
        }
        boolean write = (need & Translation.DIRTY) != 0;
        if (!accessed || write && (leaf & GuestEntry.DIRTY) == 0) {
            if (start < levels && path.isRefusedByCache(start, level, write)) {
                // where the table is for the guest is not remembered, and what the second stage allows may be out of
                // date
                caches.forget(gva, tag);
                return descend(gva, walk);
            }
            if (!path.setFlags(gva, start, level, write, walk)) {
                return false;
            }
        }
        flags |= rules.flags(path.entry(level), level);
        if (!complete(gva, rules.pageAddress(gva, leaf, level), PageSize.byNumber(level - 1), flags, walk)) {
            return false;
        }
        walk.translation = rules.withKey(walk.translation, leaf);
        remember(gva, start, level);
        return true;
    }

    private boolean isKeyDenied(long leaf, int flags) {
        return AccessRights.isKeyDenied(deniedKeys, rules.withKey(flags, leaf));
    }

    /** The guest's structure caches learn of the tables below the one where the walk started. */
    private void remember(long gva, int start, int level) {
        if (start > 1 && level == 1) {
            path.remember(gva);
        }
        for (int l = caches.isNone() ? 0 : start - 1; l >= level; l--) {
            caches.insert(gva, l, tag, path.table(l));
        }
    }

    /** The translation of {@code gva}, in a page of the guest, to the machine: through the second stage if there is one. */
    private boolean complete(long gva, long page, PageSize size, int flags, Walk walk) {
        if (!nested) {
            walk.translation = Translation.pack(page, size, flags | Translation.NO_SECOND_STAGE);
            return true;
        }
        long mapping = secondStage.translateData(page | gva & size.bytes() - 1, need, flags, walk);
        if (mapping == SecondStageMapping.NONE) {
            return false;
        }
        // the page is the smaller of the two; rights are kept apart
        PageSize host = SecondStageMapping.size(mapping);
        boolean cut = host.compareTo(size) < 0;
        PageSize combined = cut ? host : size;
        int all = flags | SecondStageMapping.hostFlags(mapping) | (cut ? Translation.cutFrom(size) : 0);
        walk.translation = Translation.pack(SecondStageMapping.frameHpa(mapping) & -combined.bytes(), combined, all);
        return true;
    }

    /** The page-modification log of the second stage. */
    public DirtyLog dirtyLog() {
        return secondStage.log();
    }

    /** The sub-page write permissions of the second stage. */
    public SubPagePermissions subPagePermissions() {
        return secondStage.subPages();
    }

    public WalkStats stats() {
        return counts.with(secondStage);
    }

    /** Writes or reads the counts and the address space; the caches are their owner's. */
    public void transfer(Snapshot snapshot) {
        enterPaging(GuestPaging.byNumber(snapshot.transfer(paging.number())));
        root = snapshot.transfer(root);
        pdptes.transfer(snapshot);
        tag = snapshot.transfer(tag);
        enterStages(snapshot.transfer(nested));
        counts.transfer(snapshot);
        path.forget();
        secondStage.transfer(snapshot);
    }
}
