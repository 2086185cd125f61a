package hvsim.multiqueue.bus;

import hvsim.tlb.Snapshot;

/** Counts what a driver accesses: each of these would leave a guest whose device is emulated. */
public final class CountingRegisters implements DeviceRegisters {
    private final DeviceRegisters registers;
    private int accesses;

    public CountingRegisters(DeviceRegisters registers) {
        this.registers = registers;
    }

    @Override
    public long read(long offset, long cycle) {
        accesses++;
        return registers.read(offset, cycle);
    }

    @Override
    public void write(long offset, long value, long cycle) {
        accesses++;
        registers.write(offset, value, cycle);
    }

    /** Since it was last asked. */
    public int take() {
        int taken = accesses;
        accesses = 0;
        return taken;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        registers.transfer(snapshot);
    }
}
