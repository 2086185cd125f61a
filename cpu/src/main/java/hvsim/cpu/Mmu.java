package hvsim.cpu;

import hvsim.cpu.state.Registers;
import hvsim.ept.AccessRights;
import hvsim.ept.NestedWalker;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.Walk;
import hvsim.ept.WalkCaches;
import hvsim.ept.WalkSpec;
import hvsim.ept.WalkStats;
import hvsim.ept.cache.CacheStats;
import hvsim.ept.cache.CoreCaches;
import hvsim.tlb.Front;
import hvsim.tlb.Invalidation;
import hvsim.tlb.Snapshot;
import hvsim.tlb.Tlb;
import hvsim.tlb.TlbSpec;
import hvsim.tlb.Translation;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A core's way from a virtual to a machine address: segments, TLBs, then a walk. */
public final class Mmu {
    private final PhysicalMemory memory;
    private final Tlb tlb;
    private final WalkCaches caches;
    private final NestedWalker walker;
    private final @Nullable CoreCaches hierarchy;
    private final TablesInForce tables;
    private final Segments segments = new Segments();
    private final Walk walk = new Walk();
    private final int referenceCycles;
    private final Privileges privileges;
    private long rewalks;

    /** From here on there are devices' registers, and no memory. */
    private long firstRegister = Long.MAX_VALUE;

    private long translation = Translation.NONE;
    private AccessStop stop = AccessStop.WALK;
    private int stoppedKind;

    /** Of a miss that software of the processor's own fills in, beside its references. */
    private final int missCycles;

    private long guestWalkCycles;
    private long secondStageCycles;
    private int secondLevelCycles;

    /**
     * @param softwareFill what a miss takes where software fills the TLB
     * @param hierarchy says what a reference of a walk takes; without one it is {@code referenceCycles}
     */
    Mmu(
            PhysicalMemory memory,
            TlbSpec tlbSpec,
            WalkSpec walkSpec,
            int referenceCycles,
            OptionalInt softwareFill,
            @Nullable CoreCaches hierarchy) {
        this.memory = memory;
        this.tlb = new Tlb(tlbSpec);
        this.caches = new WalkCaches(walkSpec);
        this.hierarchy = hierarchy;
        this.walker = new NestedWalker(memory, caches, hierarchy);
        this.referenceCycles = hierarchy == null ? referenceCycles : 0;
        this.tables = new TablesInForce(tlb, caches, walker, softwareFill.isPresent());
        this.missCycles = softwareFill.orElse(0);
        this.privileges = new Privileges(tlb.front());
    }

    /** Which tables translate. */
    TablesInForce tables() {
        return tables;
    }

    /** Within which accesses are made. */
    Segments segments() {
        return segments;
    }

    /** The software that the processor relies on for it puts a translation into the TLB. */
    public void fill(int kind, long gva, long filled) {
        tlb.fill(sideOf(kind), gva, filled);
    }

    /** From that machine address on there are devices' registers: accesses are theirs, and in no front. */
    void setFirstRegister(long hpa) {
        firstRegister = hpa;
    }

    /** Counts from now on for the hypervisor's own code, or for guests. */
    void countForHypervisor(boolean hypervisor) {
        tlb.countForHypervisor(hypervisor);
        walker.countForHypervisor(hypervisor);
        if (hierarchy != null) {
            hierarchy.countForHypervisor(hypervisor);
        }
    }

    /** Accesses are from now on made at that privilege level, under these registers. */
    void enterPrivilege(Registers registers, int cpl) {
        privileges.enter(registers, cpl);
    }

    /**
     * Translates one page's part of an access, filling the TLBs. What it took is in {@link
     * #secondLevelCycles}, {@link #guestWalkCycles} and {@link #secondStageCycles}.
     *
     * @param kind FETCH, READ, WRITE or MODIFY of {@link GuestOp}
     * @return false if the access is stopped; {@link #stop} says by what
     */
    boolean access(int kind, long gva) {
        guestWalkCycles = 0;
        secondStageCycles = 0;
        if (!segments.reach(kind, gva)) {
            secondLevelCycles = 0;
            return stop(AccessStop.BEYOND_SEGMENT, kind);
        }
        AccessRights rights = privileges.rights();
        translation = tlb.lookup(sideOf(kind), gva);
        secondLevelCycles = tlb.hitCycles();
        if (translation != Translation.NONE) {
            if (rights.allows(kind, translation)) {
                return allow(kind, gva, true);
            }
            tlb.dropPage(gva);
            rewalks += tables.missesTrap() ? 0 : 1;
        }
        return tables.missesTrap() ? stop(AccessStop.TLB_MISS, kind) : walk(kind, gva, rights);
    }

    private static int sideOf(int kind) {
        return kind == GuestOp.FETCH ? Tlb.FETCH_SIDE : Tlb.DATA_SIDE;
    }

    private boolean walk(int kind, long gva, AccessRights rights) {
        boolean translated = walker.walk(gva, kind, rights, walk);
        countWalkCycles();
        if (!translated) {
            return stop(AccessStop.WALK, kind);
        }
        translation = walk.translation();
        tlb.fill(sideOf(kind), gva, translation);
        // a write may be made because sub-page permissions let it, and not because the page's rights do
        return allow(kind, gva, rights.allows(kind, translation));
    }

    private boolean stop(AccessStop why, int kind) {
        stop = why;
        stoppedKind = kind;
        return false;
    }

    private void countWalkCycles() {
        guestWalkCycles = missCycles + walk.guestCycles() + (long) walk.guestReferences() * referenceCycles;
        secondStageCycles = walk.secondStageCycles() + (long) walk.secondStageReferences() * referenceCycles;
    }

    /** Whether data references and fetches go through the memory hierarchy, each with its machine address. */
    boolean holdsData() {
        return hierarchy != null && hierarchy.holdsData();
    }

    /** How long the core waits for bytes in the page of the last access. */
    int memoryCycles(int kind, long gva, int sizeBytes) {
        return hierarchy == null ? 0 : hierarchy.access(kind == GuestOp.FETCH, machineAddress(gva), sizeBytes);
    }

    CacheStats cacheStats() {
        return hierarchy == null ? CacheStats.ZERO : hierarchy.stats();
    }

    /** The front learns of the page if its rights allow such accesses, unless the virtual APIC or a device answers them. */
    private boolean allow(int kind, long gva, boolean byRights) {
        if (tables.isOnApicAccessPage(translation, gva)) {
            return stop(AccessStop.APIC_ACCESS_PAGE, kind);
        }
        if (machineAddress(gva) >= firstRegister) {
            return stop(AccessStop.REGISTER, kind);
        }
        if (byRights) {
            tlb.allow(kind, gva);
        }
        return true;
    }

    /** By what the last access was stopped that was. */
    AccessStop stop() {
        return stop;
    }

    /** The kind of that access. */
    int stoppedKind() {
        return stoppedKind;
    }

    /** Where {@code gva} is, in the page of the last access. */
    long machineAddress(long gva) {
        return Translation.hpa(translation, gva);
    }

    /** The eight bytes at {@code gva}, in the page of the last access. */
    long readWord(long gva) {
        long hpa = machineAddress(gva);
        int shift = (int) (hpa & Long.BYTES - 1) * Byte.SIZE;
        long low = memory.read(hpa & -Long.BYTES) >>> shift;
        return shift == 0 ? low : low | memory.read((hpa & -Long.BYTES) + Long.BYTES) << -shift;
    }

    /**
     * Loads the page-directory-pointer-table entries of PAE paging that {@code cr3} leads to. What it took is in {@link
     * #guestWalkCycles} and {@link #secondStageCycles}.
     *
     * @param into changed only if all is well
     * @return false if it is stopped; {@link #walk} says by what: the second stage, or #GP for RESERVED_PDPTE
     */
    boolean loadPdptes(long cr3, long[] into) {
        boolean loaded = walker.loadPdptes(cr3, into, walk);
        secondLevelCycles = 0;
        countWalkCycles();
        return loaded || stop(AccessStop.WALK, GuestOp.READ);
    }

    Walk walk() {
        return walk;
    }

    int secondLevelCycles() {
        return secondLevelCycles;
    }

    long guestWalkCycles() {
        return guestWalkCycles;
    }

    long secondStageCycles() {
        return secondStageCycles;
    }

    Front front() {
        return tlb.front();
    }

    CurrentSpace space() {
        return tables.space();
    }

    /** Drops what an operation requires, of everything this core has cached. */
    public void invalidate(Invalidation invalidation) {
        tlb.invalidate(invalidation, space().tags());
        caches.invalidate(invalidation, space().tags());
    }

    /** Shows all translations that the TLBs hold; changes nothing. */
    public void forEachTranslation(Tlb.Visitor visitor) {
        tlb.forEach(space().tags(), visitor);
    }

    /** Entries of the current address space that one level holds. */
    int live(int level, int side) {
        return tlb.live(level, side, space().tag(), space().globalTag());
    }

    Tlb tlb() {
        return tlb;
    }

    WalkStats walkStats() {
        return walker.stats();
    }

    long rewalks() {
        return rewalks;
    }

    void transfer(Snapshot snapshot) {
        tables.transfer(snapshot);
        segments.transfer(snapshot);
        tlb.transfer(snapshot);
        caches.transfer(snapshot);
        walker.transfer(snapshot);
        if (hierarchy != null) {
            hierarchy.transfer(snapshot);
        }
        rewalks = snapshot.transfer(rewalks);
    }
}
