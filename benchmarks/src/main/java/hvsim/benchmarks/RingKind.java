package hvsim.benchmarks;

import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.nic.NicLayout;
import hvsim.multiqueue.nic.NicReceiveDriver;
import hvsim.multiqueue.nic.NicReceiveRing;
import hvsim.multiqueue.virtio.NotificationMode;
import hvsim.multiqueue.virtio.PackedDevice;
import hvsim.multiqueue.virtio.PackedDriver;
import hvsim.multiqueue.virtio.PackedLayout;
import hvsim.multiqueue.virtio.SplitDevice;
import hvsim.multiqueue.virtio.SplitDriver;
import hvsim.multiqueue.virtio.SplitLayout;
import hvsim.multiqueue.virtio.VirtQueueDriver;

/** The rings that packets go through, with 256 buffers each. */
public enum RingKind {
    NIC("network adapter") {
        @Override
        Ends ends(ArrayMemory memory, long at, long buffers) {
            return nic(memory, memory, at, buffers);
        }
    },
    /** The same, for an adapter that is a guest's own: an IOMMU translates what it asks for. */
    PASSTHROUGH("network adapter, passed through") {
        @Override
        Ends ends(ArrayMemory memory, long at, long buffers) {
            return nic(memory, PassedThrough.bus(memory), at, buffers);
        }
    },
    SPLIT("virtqueue, split") {
        @Override
        Ends ends(ArrayMemory memory, long at, long buffers) {
            SplitLayout layout = SplitLayout.at(at, SIZE);
            return new VirtioEnds(
                    new SplitDriver(memory, layout, NotificationMode.EVENT_INDEX),
                    new SplitDevice(memory, layout, NotificationMode.EVENT_INDEX),
                    new Chain().write(buffers, BUFFER_BYTES));
        }
    },
    PACKED("virtqueue, packed") {
        @Override
        Ends ends(ArrayMemory memory, long at, long buffers) {
            PackedLayout layout = PackedLayout.at(at, SIZE);
            return new VirtioEnds(
                    new PackedDriver(memory, layout, NotificationMode.EVENT_INDEX),
                    new PackedDevice(memory, layout, NotificationMode.EVENT_INDEX),
                    new Chain().write(buffers, BUFFER_BYTES));
        }
    };

    static final int AREA_BYTES = 1 << 14;

    private static final int SIZE = 256;
    private static final int BUFFER_BYTES = 2048;

    static final int BUFFERS_BYTES = SIZE * BUFFER_BYTES;

    private final String title;

    RingKind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /**
     * Both ends of a ring, with nothing in it.
     *
     * @param at where the ring is
     * @param buffers where the buffers are
     */
    abstract Ends ends(ArrayMemory memory, long at, long buffers);

    private static Ends nic(ArrayMemory memory, BusMemory bus, long at, long buffers) {
        NicLayout layout = new NicLayout(at, SIZE);
        return new NicEnds(
                new NicReceiveDriver(memory, layout), new NicReceiveRing(bus, layout, BUFFER_BYTES), buffers);
    }

    /** Both ends of one ring. */
    interface Ends {
        DeviceRing ring();

        /** Takes what has come and gives as many buffers as fit; how many frames that were. */
        int refill();
    }

    private record NicEnds(NicReceiveDriver driver, NicReceiveRing ring, long buffers) implements Ends {
        @Override
        public int refill() {
            int frames = 0;
            while (driver.takeFrame() != NicReceiveDriver.NONE) {
                frames++;
            }
            while (driver.post(buffers + (long) driver.tail() * BUFFER_BYTES)) {
                // Until the ring is full.
            }
            ring.setTail(driver.tail());
            return frames;
        }
    }

    private record VirtioEnds(VirtQueueDriver driver, DeviceRing ring, Chain buffer) implements Ends {
        @Override
        public int refill() {
            int frames = 0;
            do {
                while (driver.takeUsed() != VirtQueueDriver.NONE) {
                    frames++;
                }
            } while (driver.enableInterrupts());
            while (driver.add(buffer) != VirtQueueDriver.FULL) {
                // Until the ring is full.
            }
            driver.publish();
            return frames;
        }
    }
}
