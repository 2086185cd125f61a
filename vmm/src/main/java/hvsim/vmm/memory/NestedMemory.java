package hvsim.vmm.memory;

import hvsim.ept.EptPointer;
import hvsim.ept.PageTable;
import hvsim.tlb.Snapshot;

/** Nested paging: the hardware walks the hypervisor's map as extended page tables, and the guest has its own tables. */
public final class NestedMemory implements MemoryTechnique {
    private final MemoryMap map;

    public NestedMemory(MemoryMap map) {
        this.map = map;
    }

    /** The EPT pointer to the second stage's root table. */
    public long eptPointer(boolean accessedDirty) {
        return EptPointer.pack(map.table().root(), map.table().levels(), accessedDirty);
    }

    /** Whether the guest has memory there. */
    public boolean has(long gpa) {
        return map.has(gpa);
    }

    @Override
    public PageTable guestTable(long rootGpa) {
        return map.guestTable(rootGpa);
    }

    @Override
    public void back(long gpa) {
        map.back(gpa);
    }

    @Override
    public long backedBytes() {
        return map.backedBytes();
    }

    @Override
    public String audit() {
        return map.audit();
    }

    @Override
    public void transfer(Snapshot snapshot) {
        map.transfer(snapshot);
    }
}
