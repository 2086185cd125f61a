package hvsim.multiqueue.virtio;

/**
 * Where a virtio device's registers are that are used after set-up. A modern PCI device says itself where in its BARs
 * they are; here as QEMU's devices say.
 *
 * <pre>
 *                queue notify                interrupt status         acknowledged by
 *   PCI          3000H + 4 * queue, u16      1000H, u8                reading it         VIRTIO 1.2, 4.1.4.4 and 4.1.4.5
 *   LEGACY_PCI   10H (an I/O port), u16      13H, u8                  reading it         "Legacy Interfaces: A Note on PCI Device Layout"
 *   MMIO         50H, u32                    60H, u32                 writing to 64H     4.2.2
 * </pre>
 */
public enum VirtioTransport {
    PCI(0x3000, 4, 0x1000),
    LEGACY_PCI(0x10, 0, 0x13),
    MMIO(0x50, 0, 0x60);

    private static final int MMIO_ACKNOWLEDGE = 0x64;

    private final int notify;
    private final int notifyStride;
    private final int status;

    VirtioTransport(int notify, int notifyStride, int status) {
        this.notify = notify;
        this.notifyStride = notifyStride;
        this.status = status;
    }

    /** Where a driver writes a queue's number when it has made something available there. */
    public long notify(int queue) {
        return notify + (long) notifyStride * queue;
    }

    public long status() {
        return status;
    }

    boolean isClearedByReading() {
        return this != MMIO;
    }

    boolean isAcknowledge(long offset) {
        return this == MMIO && offset == MMIO_ACKNOWLEDGE;
    }
}
