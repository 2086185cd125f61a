package hvsim.vmm.memory;

import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.Snapshot;

/** No hypervisor: physical memory is machine memory. */
public final class NativeMemory implements MemoryTechnique {
    private final PhysicalMemory memory;
    private final TableLayout layout;

    /** @param layout of the kernel's tables */
    public NativeMemory(PhysicalMemory memory, TableLayout layout) {
        this.memory = memory;
        this.layout = layout;
    }

    @Override
    public PageTable guestTable(long rootGpa) {
        return PageTable.ofMachine(memory, rootGpa, layout);
    }

    @Override
    public void back(long gpa) {
        // all of it is there
    }

    @Override
    public long toMachine(long gpa) {
        return gpa;
    }

    @Override
    public long backedBytes() {
        return memory.sizeBytes();
    }

    @Override
    public String audit() {
        return "";
    }

    @Override
    public void transfer(Snapshot snapshot) {
        // no state
    }
}
