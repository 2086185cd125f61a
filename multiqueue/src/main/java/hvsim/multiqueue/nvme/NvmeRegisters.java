package hvsim.multiqueue.nvme;

import hvsim.multiqueue.RequestDevice;
import hvsim.multiqueue.bus.DeviceRegisters;
import hvsim.tlb.Snapshot;
import java.util.List;

/**
 * The doorbells of a controller's I/O queues, which are all that is written after its set-up. A write to a doorbell of
 * no queue does nothing; one that no queue can have stops its pair.
 */
public final class NvmeRegisters implements DeviceRegisters {
    private final NvmeDoorbells doorbells;
    private final List<NvmeQueuePair> pairs;
    private final RequestDevice device;

    /** @param pairs queue 1 first; the rings of the device, in its order */
    public NvmeRegisters(NvmeDoorbells doorbells, List<NvmeQueuePair> pairs, RequestDevice device) {
        if (pairs.size() != device.queues()) {
            throw new IllegalArgumentException(
                    "a device of " + device.queues() + " queues has no " + pairs.size() + " pairs");
        }
        this.doorbells = doorbells;
        this.pairs = List.copyOf(pairs);
        this.device = device;
    }

    /** Doorbells are not to be read. */
    @Override
    public long read(long offset, long cycle) {
        return 0;
    }

    @Override
    public void write(long offset, long value, long cycle) {
        int queue = doorbells.queue(offset);
        if (queue < 1 || queue > pairs.size()) {
            return;
        }
        NvmeQueuePair pair = pairs.get(queue - 1);
        if (offset == doorbells.submissionTail(queue)) {
            pair.setTail((int) (value & 0xFFFF));
        } else if (offset == doorbells.completionHead(queue)) {
            pair.setCompletionHead((int) (value & 0xFFFF));
        }
        device.doorbell(queue - 1, cycle);
    }

    /** The pairs; who owns the device saves it. */
    @Override
    public void transfer(Snapshot snapshot) {
        pairs.forEach(pair -> pair.transfer(snapshot));
    }
}
