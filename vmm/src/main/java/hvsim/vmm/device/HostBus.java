package hvsim.vmm.device;

import hvsim.ept.PhysicalMemory;
import hvsim.vmm.memory.Bus;

/** Memory of the machine as its hypervisor gives it to devices that it drives itself: all of it, at machine addresses. */
final class HostBus extends Bus {
    private final long bytes;

    HostBus(PhysicalMemory memory) {
        super(memory);
        this.bytes = memory.sizeBytes();
    }

    @Override
    protected long toMachine(long address) {
        return address;
    }

    @Override
    public boolean reaches(long address, long length, boolean write) {
        return address >= 0 && length >= 0 && length <= bytes && address <= bytes - length;
    }
}
