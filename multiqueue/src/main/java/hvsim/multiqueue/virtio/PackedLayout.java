package hvsim.multiqueue.virtio;

import hvsim.multiqueue.bus.BusMemory;

/**
 * Where a packed virtqueue is.
 *
 * @param size descriptors, up to 32768; no power of 2 is needed
 * @param driverArea when the driver wants interrupts; the driver writes it
 * @param deviceArea when the device wants notifications; the device writes it
 */
public record PackedLayout(int size, long ring, long driverArea, long deviceArea) {
    static final int DESCRIPTOR_BYTES = 16;
    static final int AVAILABLE = 1 << 7;
    static final int USED = 1 << 15;

    /** Of the flags in either area. */
    static final int ENABLE = 0;

    static final int DISABLE = 1;
    static final int SPECIFIC = 2;

    private static final int MOST = 32_768;

    public PackedLayout {
        if (size < 1 || size > MOST) {
            throw new IllegalArgumentException("the size of a packed queue is 1 to 32768, not " + size);
        }
        SplitLayout.aligned("descriptor ring", ring, 16);
        SplitLayout.aligned("driver area", driverArea, 4);
        SplitLayout.aligned("device area", deviceArea, 4);
    }

    /** The three areas one after the other. */
    public static PackedLayout at(long address, int size) {
        long driver = address + (long) DESCRIPTOR_BYTES * size;
        return new PackedLayout(size, address, driver, driver + 4);
    }

    /** Behind the last area. */
    public long end() {
        return deviceArea + 4;
    }

    /** Whether a device can use all parts of it. */
    boolean isReachedBy(BusMemory memory) {
        return memory.reaches(ring, (long) DESCRIPTOR_BYTES * size, true)
                && memory.reaches(driverArea, 4, false)
                && memory.reaches(deviceArea, 4, true);
    }

    long descriptor(int index) {
        return ring + (long) DESCRIPTOR_BYTES * index;
    }
}
