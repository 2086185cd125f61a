package hvsim.multiqueue.virtio;

import hvsim.multiqueue.MultiQueueDevice;
import hvsim.multiqueue.bus.DeviceRegisters;
import hvsim.tlb.Snapshot;
import java.util.List;

/**
 * What of a virtio device is asked for by registers after its set-up: notifications of queues, and, with one interrupt
 * line for all of them, the interrupt status. With a vector for each queue the status is not used.
 *
 * <pre>
 *   network adapter   receiver, transmitter   queue 0 receives, 1 transmits, 2 receives, ...   VIRTIO 1.2, 5.1.2
 *   disk              one device              queue n is its queue n                           5.2.2
 * </pre>
 */
public final class VirtioRegisters implements DeviceRegisters {
    /** Of the interrupt status: some queue. */
    private static final int QUEUE = 1;

    private final VirtioTransport transport;
    private final List<MultiQueueDevice> devices;
    private int status;

    /** @param devices that take turns with their queues */
    public VirtioRegisters(VirtioTransport transport, List<MultiQueueDevice> devices) {
        this.transport = transport;
        this.devices = List.copyOf(devices);
    }

    @Override
    public long read(long offset, long cycle) {
        if (offset != transport.status()) {
            return 0;
        }
        int read = status;
        status = transport.isClearedByReading() ? 0 : status;
        return read;
    }

    /** A queue that is not there has nobody to notify. */
    @Override
    public void write(long offset, long value, long cycle) {
        int queue = (int) (value & 0xFFFF);
        if (transport.isAcknowledge(offset)) {
            status &= (int) ~value;
        } else if (offset == transport.notify(queue)) {
            notify(devices.get(queue % devices.size()), queue / devices.size(), cycle);
        }
    }

    private static void notify(MultiQueueDevice device, int queue, long cycle) {
        if (queue < device.queues()) {
            device.doorbell(queue, cycle);
        }
    }

    /** Puts the interrupts of all queues on the line; whether it is up. */
    public boolean pollLine() {
        for (MultiQueueDevice device : devices) {
            while (device.pollInterrupt() != MultiQueueDevice.NO_INTERRUPT) {
                status |= QUEUE;
            }
        }
        return status != 0;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        status = snapshot.transfer(status);
    }
}
