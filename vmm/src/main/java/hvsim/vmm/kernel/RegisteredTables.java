package hvsim.vmm.kernel;

import hvsim.ept.PageTable;
import hvsim.vmm.memory.direct.DirectMemory;

/**
 * Tables that are registered with the hypervisor: before they are, the kernel gives up writing them; and, where the kernel
 * is at CPL 3, an address space has a second root, for its user, with all but the kernel's pages.
 */
final class RegisteredTables implements KernelTables {
    private final DirectMemory memory;
    private final GuestFrames frames;
    private final GuardedMap directMap;

    RegisteredTables(DirectMemory memory, GuestFrames frames, GuardedMap directMap) {
        this.memory = memory;
        this.frames = frames;
        this.directMap = directMap;
    }

    @Override
    public void makeDescriptors(int vcpus) {
        for (int vcpu = 0; vcpu < vcpus; vcpu++) {
            memory.registerDescriptors(frames.takeExtra());
        }
    }

    /** What is refused leaves the entry as it is. */
    @Override
    public boolean forge(PageTable table, long gva, long entry) {
        return memory.update(table.entryHpa(gva, 1), entry) == null;
    }

    @Override
    public long takeTable() {
        long gpa = frames.takeTable();
        directMap.becomesTable(gpa);
        return gpa;
    }

    @Override
    public long takeRoot() {
        long gpa = takeTable();
        if (memory.layout().hasUserRoots()) {
            memory.pin(gpa, frames.takeExtra());
        } else {
            memory.pin(gpa);
        }
        directMap.startAt(gpa);
        return gpa;
    }

    @Override
    public void giveRoot(long gpa) {
        long userRoot = memory.unpin(gpa);
        if (memory.layout().hasUserRoots()) {
            frames.giveExtra(userRoot);
        }
        frames.giveTable(gpa);
    }
}
