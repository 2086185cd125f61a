package hvsim.multiqueue.nvme;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.tlb.Snapshot;

/** A queue pair as its driver sees it. What it returns for a doorbell, its caller writes to the register or the shadow. */
public final class NvmeDriver {
    public static final long NONE = -1;

    private final BusMemory memory;
    private final NvmeLayout layout;

    private int tail;
    private int knownHead;
    private int completionHead;
    private boolean phase = true;

    public NvmeDriver(BusMemory memory, NvmeLayout layout) {
        this.memory = memory;
        this.layout = layout;
    }

    /** Writes a command; false if the queue is full. The controller knows of it by the doorbell. */
    public boolean submit(NvmeCommand command) {
        int after = layout.afterSubmission(tail);
        if (after == knownHead) {
            return false;
        }
        command.write(memory, layout.submission(tail));
        tail = after;
        return true;
    }

    /** The value for the submission queue's doorbell. */
    public int tail() {
        return tail;
    }

    /** The next completion: command id in bits 15:0, status in bits 31:17; or {@link #NONE}. */
    public long takeCompletion() {
        long entry = layout.completion(completionHead);
        long last = memory.read32(entry + 12);
        if ((last >> 16 & 1) != 0 != phase) {
            return NONE;
        }
        knownHead = memory.read16(entry + 8);
        completionHead = layout.afterCompletion(completionHead);
        phase ^= completionHead == 0;
        return last & ~(1L << 16);
    }

    /** The value for the completion queue's doorbell. */
    public int completionHead() {
        return completionHead;
    }

    public void transfer(Snapshot snapshot) {
        tail = snapshot.transfer(tail);
        knownHead = snapshot.transfer(knownHead);
        completionHead = snapshot.transfer(completionHead);
        phase = snapshot.transfer(phase);
    }
}
