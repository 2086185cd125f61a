package hvsim.cpu;

import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.AccessRights;
import hvsim.ept.GuestPaging;
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
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A core's way from a virtual to a machine address: TLBs, then a walk; and who is translating at the moment. */
public final class Mmu {
    private static final long NO_PAGE = -1;
    private static final int PAGE_BYTES = 4096;

    private final PhysicalMemory memory;
    private final Tlb tlb;
    private final WalkCaches caches;
    private final NestedWalker walker;
    private final @Nullable CoreCaches hierarchy;
    private final CurrentSpace space = new CurrentSpace();
    private final Walk walk = new Walk();
    private final int referenceCycles;
    private final Privileges privileges;
    private long rewalks;

    /** The page that only the virtual APIC answers, or {@link #NO_PAGE}. */
    private long apicAccessPage = NO_PAGE;

    /** The last addresses that segments reach, for data and for code. */
    private long segmentLimit = GuestRing.NO_LIMIT;

    private long codeLimit = GuestRing.NO_LIMIT;

    private long translation = Translation.NONE;
    private int accessKind;
    private boolean onApicAccessPage;
    private boolean beyondSegment;
    private final boolean filledBySoftware;

    /** Of a miss that software of the processor's own fills in, beside its references. */
    private final int missCycles;

    private boolean missesTrap;
    private boolean missed;

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
        this.filledBySoftware = softwareFill.isPresent();
        this.missCycles = softwareFill.orElse(0);
        this.privileges = new Privileges(tlb.front());
    }

    /** Translates from now on with one stage: native kernels, and the hypervisor itself (VPID 0). */
    void enterOneStage(Registers registers, int newVpid) {
        enterSpace(newVpid, registers.pcid(), TlbTag.NO_EP4TA, NO_PAGE);
        walker.enterNative(pagingOf(registers), registers.cr3, registers.pdptes, space.tag());
    }

    /** Translates from now on for a guest, behind the VMCS's second stage if it has one. */
    void enterTwoStages(Registers registers, Vmcs vmcs) {
        boolean virtualizesApic = vmcs.has(VmxControl.VIRTUALIZE_APIC_ACCESSES);
        long page = virtualizesApic ? vmcs.read(VmcsField.APIC_ACCESS_ADDRESS) : NO_PAGE;
        if (!vmcs.has(VmxControl.ENABLE_EPT)) {
            enterSpace(vmcs.effectiveVpid(), registers.pcid(), TlbTag.NO_EP4TA, page);
            walker.enterNative(pagingOf(registers), registers.cr3, registers.pdptes, space.tag());
            return;
        }
        enterSpace(vmcs.effectiveVpid(), registers.pcid(), vmcs.ep4ta(), page);
        walker.enterNested(
                pagingOf(registers),
                registers.cr3,
                registers.pdptes,
                space.tag(),
                vmcs.read(VmcsField.EPT_POINTER),
                vmcs.has(VmxControl.MODE_BASED_EXECUTE),
                space.guestPhysicalTag());
    }

    /** What a VM entry alone loads of the second stage: the page-modification log, and sub-page write permissions. */
    void enterSecondStage(Vmcs vmcs) {
        walker.dirtyLog().enter(vmcs.has(VmxControl.ENABLE_PML), vmcs.read(VmcsField.PML_ADDRESS), (int)
                vmcs.read(VmcsField.PML_INDEX));
        walker.subPagePermissions()
                .enter(
                        vmcs.has(VmxControl.SUB_PAGE_WRITE_PERMISSIONS),
                        vmcs.read(VmcsField.SUB_PAGE_PERMISSION_TABLE_POINTER));
    }

    /** What a VM exit saves of it. */
    void saveSecondStage(Vmcs vmcs) {
        if (vmcs.has(VmxControl.ENABLE_PML)) {
            vmcs.write(VmcsField.PML_INDEX, walker.dirtyLog().index());
        }
    }

    private static GuestPaging pagingOf(Registers registers) {
        return GuestPaging.of(registers.cr0, registers.cr4, registers.efer);
    }

    private void enterSpace(int vpid, int pcid, long ep4ta, long newApicAccessPage) {
        apicAccessPage = newApicAccessPage;
        missesTrap = false;
        if (space.isFull()) {
            tlb.clear();
            caches.clear();
            space.forgetOthers();
        }
        space.enter(vpid, pcid, ep4ta);
        tlb.enter(space.tag(), space.globalTag());
    }

    /** Accesses are made from now on within the segments of guests in that ring. */
    void enterSegments(GuestRing ring) {
        segmentLimit = ring.segmentLimit();
        codeLimit = ring.codeLimit();
    }

    /** Returns what {@link #restoreSegmentLimit} takes. */
    long liftSegmentLimit() {
        long limit = segmentLimit;
        segmentLimit = GuestRing.NO_LIMIT;
        return limit;
    }

    void restoreSegmentLimit(long limit) {
        segmentLimit = limit;
    }

    /** From now on what the TLB lacks is for the hypervisor to fill in, where no walker does it. */
    void trapMisses() {
        missesTrap = filledBySoftware;
    }

    /** Whether the last access was stopped because the TLB lacks what it needs. */
    boolean isMissed() {
        return missed;
    }

    /** The software that the processor relies on for it puts a translation into the TLB. */
    public void fill(int kind, long gva, long filled) {
        tlb.fill(kind == GuestOp.FETCH ? Tlb.FETCH_SIDE : Tlb.DATA_SIDE, gva, filled);
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
     * @return false if the access is stopped; {@link #walk} says by what
     */
    boolean access(int kind, long gva) {
        int side = kind == GuestOp.FETCH ? Tlb.FETCH_SIDE : Tlb.DATA_SIDE;
        AccessRights rights = privileges.rights();
        onApicAccessPage = false;
        missed = false;
        guestWalkCycles = 0;
        secondStageCycles = 0;
        beyondSegment = gva > (kind == GuestOp.FETCH ? codeLimit : segmentLimit);
        if (beyondSegment) {
            secondLevelCycles = 0;
            return false;
        }
        translation = tlb.lookup(side, gva);
        secondLevelCycles = tlb.hitCycles();
        if (translation != Translation.NONE) {
            if (rights.allows(kind, translation)) {
                return allow(kind, gva, true);
            }
            tlb.dropPage(gva);
            rewalks += missesTrap ? 0 : 1;
        }
        if (missesTrap) {
            missed = true;
            accessKind = kind;
            return false;
        }
        boolean translated = walker.walk(gva, kind, rights, walk);
        countWalkCycles();
        if (!translated) {
            return false;
        }
        translation = walk.translation();
        tlb.fill(side, gva, translation);
        // a write may be made because sub-page permissions let it, and not because the page's rights do
        return allow(kind, gva, rights.allows(kind, translation));
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

    /**
     * The front learns of the page if its rights allow such accesses, unless it is the one that the virtual APIC answers
     * (SDM vol. 3, 29.4).
     */
    private boolean allow(int kind, long gva, boolean byRights) {
        if (apicAccessPage != NO_PAGE && (machineAddress(gva) & -PAGE_BYTES) == apicAccessPage) {
            onApicAccessPage = true;
            accessKind = kind;
            return false;
        }
        if (byRights) {
            tlb.allow(kind, gva);
        }
        return true;
    }

    /** Whether the last access was stopped because it goes beyond its segment. */
    boolean isBeyondSegment() {
        return beyondSegment;
    }

    /** Whether the last access was stopped because it reached the APIC-access page. */
    boolean isOnApicAccessPage() {
        return onApicAccessPage;
    }

    /** The kind of access that reached it. */
    int accessKind() {
        return accessKind;
    }

    /** Where {@code gva} is, in the page of the last access. */
    private long machineAddress(long gva) {
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
        onApicAccessPage = false;
        beyondSegment = false;
        return loaded;
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
        return space;
    }

    /** Drops what an operation requires, of everything this core has cached. */
    public void invalidate(Invalidation invalidation) {
        tlb.invalidate(invalidation, space.tags());
        caches.invalidate(invalidation, space.tags());
    }

    /** Shows all translations that the TLBs hold; changes nothing. */
    public void forEachTranslation(Tlb.Visitor visitor) {
        tlb.forEach(space.tags(), visitor);
    }

    /** Entries of the current address space that one level holds. */
    int live(int level, int side) {
        return tlb.live(level, side, space.tag(), space.globalTag());
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
        space.transfer(snapshot);
        tlb.transfer(snapshot);
        caches.transfer(snapshot);
        walker.transfer(snapshot);
        if (hierarchy != null) {
            hierarchy.transfer(snapshot);
        }
        apicAccessPage = snapshot.transfer(apicAccessPage);
        segmentLimit = snapshot.transfer(segmentLimit);
        codeLimit = snapshot.transfer(codeLimit);
        rewalks = snapshot.transfer(rewalks);
        missesTrap = snapshot.transfer(missesTrap);
    }
}
