package hvsim.vmm.memory;

import hvsim.ept.PhysicalMemory;
import hvsim.multiqueue.bus.BusMemory;

/** Memory by bytes, as devices and their drivers use it; no access runs across a multiple of 8. */
public abstract class Bus implements BusMemory {
    private final PhysicalMemory memory;

    protected Bus(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** Where in the machine's memory a bus address is. */
    protected abstract long toMachine(long address);

    private static int shift(long address) {
        return (int) (address & Long.BYTES - 1) * Byte.SIZE;
    }

    private long get(long address) {
        return memory.read(toMachine(address) & -Long.BYTES) >>> shift(address);
    }

    private void put(long address, long value, long mask) {
        long word = toMachine(address) & -Long.BYTES;
        long others = memory.read(word) & ~(mask << shift(address));
        memory.write(word, others | (value & mask) << shift(address));
    }

    @Override
    public int read8(long address) {
        return (int) get(address) & 0xFF;
    }

    @Override
    public int read16(long address) {
        return (int) get(address) & 0xFFFF;
    }

    @Override
    public long read32(long address) {
        return get(address) & 0xFFFF_FFFFL;
    }

    @Override
    public long read64(long address) {
        return get(address);
    }

    @Override
    public void write8(long address, int value) {
        put(address, value, 0xFF);
    }

    @Override
    public void write16(long address, int value) {
        put(address, value, 0xFFFF);
    }

    @Override
    public void write32(long address, long value) {
        put(address, value, 0xFFFF_FFFFL);
    }

    @Override
    public void write64(long address, long value) {
        put(address, value, -1);
    }
}
