package hvsim.vmm.kernel;

import hvsim.cpu.OpStream;
import hvsim.tlb.PageSize;
import hvsim.vmm.memory.direct.DirectLayout;
import hvsim.vmm.memory.direct.DirectMemory;

/**
 * A kernel that was changed before it runs, for a hypervisor with which it registers its tables.
 *
 * @param memory where they are registered
 * @param batch the most operations that it asks for in one hypercall
 */
public record KernelChange(DirectMemory memory, int batch) implements KernelPort {
    public KernelChange {
        if (batch < 1) {
            throw new IllegalArgumentException("a hypercall carries one operation at least");
        }
    }

    /** What it needs beyond the memory of a bare machine: tables for its map of that in pages of 4 KiB, users' roots, descriptors. */
    public static long extraBytes(DirectLayout layout, long memoryBytes, KernelSpec kernel, int vcpus) {
        long page = PageSize.SIZE_4K.bytes();
        long tables = (memoryBytes + PageSize.SIZE_2M.bytes() - 1) / PageSize.SIZE_2M.bytes();
        long roots = layout.hasUserRoots() ? 2L * kernel.processes() : 0;
        return page * (tables + roots + vcpus);
    }

    /** A workload of such a guest: its kernel's instructions are those of the changed kernel. */
    public OpStream program(OpStream workload) {
        return new ChangedProgram(workload, code());
    }

    private ChangedCode code() {
        return new ChangedCode(memory.layout());
    }

    @Override
    public PrivilegedCode in(KernelCode code) {
        return new ParavirtualCode(code, code(), memory.layout(), batch);
    }

    @Override
    public Memory memory(GuestFrames frames, SpaceLayout layout, long flags) {
        GuardedMap directMap = new GuardedMap(memory, frames, layout.direct(), flags);
        return new Memory(new RegisteredTables(memory, frames, directMap), directMap);
    }
}
