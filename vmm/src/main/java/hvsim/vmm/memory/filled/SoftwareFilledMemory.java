package hvsim.vmm.memory.filled;

import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Translation;
import hvsim.vmm.memory.MappedMemory;
import hvsim.vmm.memory.MemoryMap;
import hvsim.vmm.memory.shadow.GuestAccess;
import hvsim.vmm.memory.shadow.GuestWalk;
import hvsim.vmm.memory.shadow.View;

/** The guest has its own tables, the hypervisor a map, and the TLB what both make together. */
public final class SoftwareFilledMemory extends MappedMemory {
    /** Guests are 64-bit, and no paging of theirs has such registers. */
    private static final long[] NO_PDPTES = new long[4];

    private final GuestWalk walk;

    /** What a miss turned out to be. */
    public enum Miss {
        /** {@link #translation} goes into the TLB. */
        TRANSLATES,
        /** A page fault of the guest's; {@link #errorCode} says how its kernel is to see it. */
        FAULTS,
        /** The address is none. */
        NON_CANONICAL,
        /** The guest's tables lead to where it has no memory. */
        NO_MEMORY
    }

    public SoftwareFilledMemory(PhysicalMemory memory, MemoryMap map) {
        super(map);
        this.walk = new GuestWalk(memory, map);
    }

    /** The TLB lacks what an access needs: both tables are walked. */
    public Miss handle(GuestAccess access) {
        if (walk.translates(access, NO_PDPTES)) {
            return Miss.TRANSLATES;
        }
        if (walk.leavesMemory()) {
            return Miss.NO_MEMORY;
        }
        return walk.isNonCanonical() ? Miss.NON_CANONICAL : Miss.FAULTS;
    }

    /**
     * What the TLB is to hold for the access that was handled last. No page is global: the guests' spaces have no numbers.
     *
     * @param view whose eyes it is for
     */
    public long translation(GuestAccess access, View view) {
        long byTables = walk.translation() & ~Translation.GLOBAL;
        boolean kernelWritesAll = access.isWrite() && !walk.pageIsWritable();
        long allowed = kernelWritesAll ? byTables | Translation.GUEST_WRITE : byTables;
        return switch (view) {
            case AS_IS -> allowed;
            case KERNEL_AT_USER_LEVEL -> allowed & ~Translation.SUPERVISOR | Translation.USER;
        };
    }

    /** Of the last page fault. */
    public int errorCode() {
        return walk.errorCode();
    }

    /** Entries of both tables that were read for the last miss. */
    public int references() {
        return walk.allReferences();
    }
}
