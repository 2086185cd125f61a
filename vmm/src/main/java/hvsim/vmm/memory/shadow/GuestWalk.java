package hvsim.vmm.memory.shadow;

import hvsim.ept.AccessRights;
import hvsim.ept.EptPointer;
import hvsim.ept.GuestPaging;
import hvsim.ept.NestedWalker;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.Walk;
import hvsim.ept.WalkCaches;
import hvsim.ept.WalkOutcome;
import hvsim.ept.WalkSpec;
import hvsim.tlb.Translation;
import hvsim.vmm.memory.MemoryMap;

/**
 * The hypervisor walks a guest's tables in software, by the rules of the hardware: it sets accessed and dirty flags, and
 * finds the page faults that the guest's own tables have.
 */
public final class GuestWalk {
    private final MemoryMap map;
    private final NestedWalker walker;
    private final AccessRights rights = new AccessRights();
    private final Walk walk = new Walk();

    public GuestWalk(PhysicalMemory memory, MemoryMap map) {
        this.map = map;
        this.walker = new NestedWalker(memory, new WalkCaches(WalkSpec.UNCACHED));
    }

    /**
     * Walks for an access; what the guest was given no memory for yet is given to it.
     *
     * @param pdptes registers of PAE paging
     */
    public boolean translates(GuestAccess access, long[] pdptes) {
        PagingState state = access.state();
        rights.set(access.isUser(), state.cr0(), state.cr4(), state.efer(), state.rflags(), state.pkru());
        walker.enterNested(
                GuestPaging.of(state.cr0(), state.cr4(), state.efer()),
                state.cr3(),
                pdptes,
                0,
                EptPointer.pack(map.table().root(), map.table().levels(), false),
                false,
                0);
        boolean translated = walker.walk(access.gva(), access.kind(), rights, walk);
        while (!translated && walk.outcome() == WalkOutcome.EPT_VIOLATION && map.has(walk.gpa())) {
            map.back(walk.gpa());
            translated = walker.walk(access.gva(), access.kind(), rights, walk);
        }
        return translated;
    }

    /** Whether the last walk came to an address where the guest has no memory. */
    public boolean leavesMemory() {
        return walk.outcome() == WalkOutcome.EPT_VIOLATION;
    }

    /** Of the page fault that was found. */
    public int errorCode() {
        return walk.errorCode();
    }

    /** Entries of the guest's tables that were read. */
    int references() {
        return walk.guestReferences();
    }

    /** Entries of the guest's tables and of the hypervisor's map that were read. */
    public int allReferences() {
        return walk.guestReferences() + walk.secondStageReferences();
    }

    /** Whether the address is none that tables could translate. */
    public boolean isNonCanonical() {
        return walk.outcome() == WalkOutcome.NON_CANONICAL;
    }

    /** From the guest's virtual to a machine address, with the rights that both give. */
    public long translation() {
        return walk.translation();
    }

    /** Whether the guest's page itself may be written; else it was the kernel's right to write all pages. */
    public boolean pageIsWritable() {
        return (walk.translation() & Translation.GUEST_WRITE) != 0;
    }
}
