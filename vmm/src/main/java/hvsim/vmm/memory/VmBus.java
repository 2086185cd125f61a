package hvsim.vmm.memory;

import hvsim.ept.PhysicalMemory;

/** A VM's memory at guest-physical addresses, and nothing else. */
public final class VmBus extends Bus {
    private final MemoryTechnique vm;
    private final long bytes;

    /** @param bytes of guest-physical memory */
    public VmBus(PhysicalMemory memory, MemoryTechnique vm, long bytes) {
        super(memory);
        this.vm = vm;
        this.bytes = bytes;
    }

    @Override
    protected long toMachine(long address) {
        return vm.toMachine(address);
    }

    @Override
    public boolean reaches(long address, long length, boolean write) {
        return address >= 0 && length >= 0 && length <= bytes && address <= bytes - length;
    }
}
