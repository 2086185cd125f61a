package hvsim.multiqueue.virtio;

import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.DeviceRing;

/** Both ends of one virtqueue in one memory; behind the ring is room for indirect tables and buffers. */
record QueuePair(
        ArrayMemory memory,
        VirtQueueDriver driver,
        DeviceRing device,
        VirtQueueDriver otherDriver,
        DeviceRing otherDevice,
        long end) {
    private static final int MEMORY = 1 << 17;

    enum Format {
        SPLIT {
            @Override
            QueuePair make(int size, NotificationMode mode) {
                ArrayMemory memory = new ArrayMemory(MEMORY);
                SplitLayout layout = SplitLayout.at(0, size);
                return new QueuePair(
                        memory,
                        new SplitDriver(memory, layout, mode),
                        new SplitDevice(memory, layout, mode),
                        new SplitDriver(memory, layout, mode),
                        new SplitDevice(memory, layout, mode),
                        layout.end());
            }
        },
        PACKED {
            @Override
            QueuePair make(int size, NotificationMode mode) {
                ArrayMemory memory = new ArrayMemory(MEMORY);
                PackedLayout layout = PackedLayout.at(0, size);
                return new QueuePair(
                        memory,
                        new PackedDriver(memory, layout, mode),
                        new PackedDevice(memory, layout, mode),
                        new PackedDriver(memory, layout, mode),
                        new PackedDevice(memory, layout, mode),
                        layout.end());
            }
        };

        abstract QueuePair make(int size, NotificationMode mode);
    }
}
