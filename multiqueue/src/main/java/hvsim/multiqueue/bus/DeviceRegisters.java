package hvsim.multiqueue.bus;

import hvsim.tlb.Snapshot;

/**
 * A device's registers, as who drives it reaches them: at offsets from where the device is mapped. Each call is one
 * access; which of them leave a guest is the business of who maps the device. What is not there reads 0, and a write
 * to it does nothing.
 */
public interface DeviceRegisters {
    /** What a read gives; it may change the device, as registers do that are cleared by reading. */
    long read(long offset, long cycle);

    void write(long offset, long value, long cycle);

    void transfer(Snapshot snapshot);
}
