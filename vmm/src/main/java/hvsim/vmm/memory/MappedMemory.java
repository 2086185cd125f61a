package hvsim.vmm.memory;

import hvsim.ept.PageTable;
import hvsim.tlb.Snapshot;

/** Guest-physical memory behind which the hypervisor puts the machine's, by a map of its own. */
public abstract class MappedMemory implements MemoryTechnique {
    private final MemoryMap map;

    protected MappedMemory(MemoryMap map) {
        this.map = map;
    }

    /** From guest-physical to machine addresses. */
    public final MemoryMap map() {
        return map;
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
    public final long toMachine(long gpa) {
        back(gpa);
        return map.table().translate(gpa);
    }

    @Override
    public final long backedBytes() {
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
