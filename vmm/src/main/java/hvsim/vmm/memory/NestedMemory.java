package hvsim.vmm.memory;

import hvsim.ept.EptPointer;
import hvsim.ept.GuestEntry;
import hvsim.ept.GuestPage;
import hvsim.ept.PageTable;
import hvsim.ept.TableLayout;

/** Nested paging: the hardware walks the hypervisor's map as extended page tables, and the guest has its own tables. */
public final class NestedMemory extends MappedMemory {
    private static final long IDENTITY_ROOT = 0xFFFB_C000L;
    private static final long IDENTITY = GuestEntry.USER | GuestEntry.WRITE | GuestEntry.ACCESSED | GuestEntry.DIRTY;

    public NestedMemory(MemoryMap map) {
        super(map);
    }

    /** The EPT pointer to the second stage's root table. */
    public long eptPointer(boolean accessedDirty) {
        return EptPointer.pack(map().table().root(), map().table().levels(), accessedDirty);
    }

    /** A page of a device's registers: each access exits, as KVM has it (kvm_mmu_set_mmio_spte_mask). */
    public void refuse(long gpa) {
        map().refuse(gpa);
    }

    /** Whether the guest has memory there. */
    public boolean has(long gpa) {
        return map().has(gpa);
    }

    /**
     * Tables that map all addresses of 32 bits to themselves, in a page that the guest does not know of, as KVM has them
     * (arch/x86/kvm/vmx, VMX_EPT_IDENTITY_PAGETABLE_ADDR).
     */
    public long identityRoot() {
        map().backBeyond(IDENTITY_ROOT);
        PageTable table = PageTable.ofGuest(map().memory(), IDENTITY_ROOT, TableLayout.TWO_LEVEL, map().table());
        for (long gpa = 0; gpa < 1L << 32; gpa += GuestPage.MIB_4.bytes()) {
            table.setEntry(gpa, GuestPage.MIB_4.leafLevel(), GuestPage.MIB_4.leaf(gpa, IDENTITY));
        }
        return IDENTITY_ROOT;
    }
}
