package hvsim.vmm.kernel;

import hvsim.cpu.GuestOp;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.DeviceRegisters;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A driver's accesses, as words of the kernel's program that is being written: to registers where the kernel has mapped
 * them, and to rings through the direct map. Memory changes at once, registers when the word is executed: so that what
 * a read of one gives is not known here.
 */
final class DriverAccesses implements DeviceRegisters, BusMemory {
    private final BusMemory memory;
    private final long registers;
    private @Nullable KernelCode code;

    /** @param registers where the kernel sees them */
    DriverAccesses(BusMemory memory, long registers) {
        this.memory = memory;
        this.registers = registers;
    }

    /** What is accessed from now on goes into that program. */
    KernelCode into(KernelCode program) {
        code = program;
        return program;
    }

    private KernelCode code() {
        if (code == null) {
            throw new IllegalStateException("no program is being written");
        }
        return code;
    }

    @Override
    public long read(long offset, long cycle) {
        code().readRegister(registers + offset);
        return 0;
    }

    @Override
    public void write(long offset, long value, long cycle) {
        code().writeRegister(registers + offset, value);
    }

    @Override
    public void transfer(Snapshot snapshot) {
        // programs are saved with the virtual processor
    }

    @Override
    public boolean reaches(long address, long bytes, boolean write) {
        return memory.reaches(address, bytes, write);
    }

    private void reads(long address, int bytes) {
        code().reference(GuestOp.READ, address, bytes);
    }

    private void writes(long address, int bytes) {
        code().reference(GuestOp.WRITE, address, bytes);
    }

    @Override
    public int read8(long address) {
        reads(address, Byte.BYTES);
        return memory.read8(address);
    }

    @Override
    public int read16(long address) {
        reads(address, Short.BYTES);
        return memory.read16(address);
    }

    @Override
    public long read32(long address) {
        reads(address, Integer.BYTES);
        return memory.read32(address);
    }

    @Override
    public long read64(long address) {
        reads(address, Long.BYTES);
        return memory.read64(address);
    }

    @Override
    public void write8(long address, int value) {
        writes(address, Byte.BYTES);
        memory.write8(address, value);
    }

    @Override
    public void write16(long address, int value) {
        writes(address, Short.BYTES);
        memory.write16(address, value);
    }

    @Override
    public void write32(long address, long value) {
        writes(address, Integer.BYTES);
        memory.write32(address, value);
    }

    @Override
    public void write64(long address, long value) {
        writes(address, Long.BYTES);
        memory.write64(address, value);
    }
}
