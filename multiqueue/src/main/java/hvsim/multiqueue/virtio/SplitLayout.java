package hvsim.multiqueue.virtio;

import hvsim.multiqueue.bus.BusMemory;

/**
 * Where a split virtqueue is.
 *
 * @param size descriptors, and places in both rings: a power of 2 up to 32768
 */
public record SplitLayout(int size, long descriptorArea, long driverArea, long deviceArea) {
    static final int DESCRIPTOR_BYTES = 16;
    static final int NEXT = 1;
    static final int WRITE = 2;
    static final int INDIRECT = 4;

    private static final int MOST = 32_768;

    public SplitLayout {
        if (Integer.bitCount(size) != 1 || size < 1 || size > MOST) {
            throw new IllegalArgumentException("the size of a split queue is a power of 2 up to 32768, not " + size);
        }
        aligned("descriptor area", descriptorArea, 16);
        aligned("driver area", driverArea, 2);
        aligned("device area", deviceArea, 4);
    }

    static void aligned(String area, long address, int bytes) {
        if ((address & bytes - 1) != 0) {
            throw new IllegalArgumentException(
                    "the " + area + " is at " + Long.toHexString(address) + "H, not at a multiple of " + bytes);
        }
    }

    /** The three areas one after the other. */
    public static SplitLayout at(long address, int size) {
        long driver = address + (long) DESCRIPTOR_BYTES * size;
        long device = driver + 6 + 2L * size + 3 & ~3L;
        return new SplitLayout(size, address, driver, device);
    }

    /** Behind the last area. */
    public long end() {
        return deviceArea + 6 + 8L * size;
    }

    /** Whether a device can use all parts of it. */
    boolean isReachedBy(BusMemory memory) {
        return memory.reaches(descriptorArea, (long) DESCRIPTOR_BYTES * size, false)
                && memory.reaches(driverArea, 6 + 2L * size, false)
                && memory.reaches(deviceArea, 6 + 8L * size, true);
    }

    long descriptor(int index) {
        return descriptorArea + (long) DESCRIPTOR_BYTES * index;
    }

    long availableFlags() {
        return driverArea;
    }

    long availableIndex() {
        return driverArea + 2;
    }

    long available(int index) {
        return driverArea + 4 + 2L * (index & size - 1);
    }

    long usedEvent() {
        return driverArea + 4 + 2L * size;
    }

    long usedFlags() {
        return deviceArea;
    }

    long usedIndex() {
        return deviceArea + 2;
    }

    long used(int index) {
        return deviceArea + 4 + 8L * (index & size - 1);
    }

    long availableEvent() {
        return deviceArea + 4 + 8L * size;
    }
}
