package hvsim.multiqueue.bus;

/**
 * What a device, or a driver, reaches: little-endian bytes at bus addresses (guest-physical ones, or I/O addresses
 * that an IOMMU translates). Who has the memory implements this, and may count or charge each call.
 */
public interface BusMemory {
    /** Whether all of the bytes are in reach. Asked before a device touches anything; one refusal refuses all. */
    boolean reaches(long address, long bytes, boolean write);

    int read8(long address);

    int read16(long address);

    long read32(long address);

    long read64(long address);

    void write8(long address, int value);

    void write16(long address, int value);

    void write32(long address, long value);

    void write64(long address, long value);
}
