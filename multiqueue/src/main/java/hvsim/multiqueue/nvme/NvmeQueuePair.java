package hvsim.multiqueue.nvme;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.DeviceRing;
import hvsim.multiqueue.bus.RingFault;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A submission queue and its completion queue, as the controller sees them. A command that asks for what it may not
 * have is completed with an error at once; only a doorbell or a queue that is wrong itself stops the pair.
 */
public final class NvmeQueuePair implements DeviceRing {
    private final BusMemory memory;
    private final NvmeLayout layout;
    private final NvmeNamespace namespace;
    private final PrpWalk prps;

    private @Nullable ShadowDoorbell submissionShadow;
    private @Nullable ShadowDoorbell completionShadow;

    private int head;
    private int tail;
    private int completionHead;
    private int completionTail;
    private boolean phase = true;
    private int taken;
    private boolean givenBack;
    private int refusedByTake;
    private long refused;
    private RingFault lastRefusal = RingFault.NONE;
    private RingFault fault = RingFault.NONE;

    public NvmeQueuePair(BusMemory memory, NvmeLayout layout, NvmeNamespace namespace) {
        this.memory = memory;
        this.layout = layout;
        this.namespace = namespace;
        prps = new PrpWalk(memory);
    }

    /** From now on both doorbells are looked up in memory: Doorbell Buffer Config. */
    public void useShadows(ShadowDoorbell submission, ShadowDoorbell completion) {
        submissionShadow = submission;
        completionShadow = completion;
    }

    /** A write to the register of the submission queue's tail. */
    public void setTail(int value) {
        tail = checked(value, layout.submissionEntries(), tail);
    }

    /** A write to the register of the completion queue's head. */
    public void setCompletionHead(int value) {
        completionHead = checked(value, layout.completionEntries(), completionHead);
    }

    private int checked(int value, int entries, int before) {
        if (value >= 0 && value < entries) {
            return value;
        }
        fault = RingFault.BAD_DOORBELL;
        return before;
    }

    @Override
    public boolean take(Chain into) {
        refusedByTake = 0;
        readShadows();
        while (fault == RingFault.NONE && head != tail && hasRoom()) {
            if (!memory.reaches(layout.submission(head), NvmeCommand.BYTES, false)) {
                fault = RingFault.RING_OUT_OF_REACH;
                return false;
            }
            NvmeCommand command = NvmeCommand.read(memory, layout.submission(head));
            head = layout.afterSubmission(head);
            taken++;
            if (accept(command, into.clear())) {
                into.setOrigin(command.id(), 1);
                return true;
            }
        }
        return false;
    }

    @Override
    public int refusedByTake() {
        return refusedByTake;
    }

    private void readShadows() {
        if (submissionShadow != null && completionShadow != null) {
            if (!submissionShadow.isReached() || !completionShadow.isReached()) {
                fault = RingFault.RING_OUT_OF_REACH;
                return;
            }
            setTail(submissionShadow.value());
            setCompletionHead(completionShadow.value());
            submissionShadow.wakeAfter(tail);
            if (!hasRoom()) {
                completionShadow.wakeAfter(completionHead);
            }
        }
    }

    /** A place in the completion queue for each command that was taken, one more, and the one that stays empty. */
    private boolean hasRoom() {
        int filled = completionTail - completionHead;
        int full = filled < 0 ? filled + layout.completionEntries() : filled;
        return full + taken + 1 < layout.completionEntries();
    }

    private boolean accept(NvmeCommand command, Chain chain) {
        NvmeStatus status = judge(command, chain);
        if (status != NvmeStatus.SUCCESS) {
            refused++;
            refusedByTake++;
            complete(command.id(), status);
        }
        return status == NvmeStatus.SUCCESS;
    }

    private NvmeStatus judge(NvmeCommand command, Chain chain) {
        if (!NvmeOpcode.isKnown(command.opcode())) {
            return NvmeStatus.INVALID_OPCODE;
        }
        NvmeOpcode opcode = NvmeOpcode.of(command.opcode());
        if (command.namespace() != namespace.id()) {
            return NvmeStatus.INVALID_NAMESPACE;
        }
        if (!opcode.movesData()) {
            return NvmeStatus.SUCCESS;
        }
        return namespace.holds(command) ? data(command, opcode, chain) : NvmeStatus.LBA_OUT_OF_RANGE;
    }

    private NvmeStatus data(NvmeCommand command, NvmeOpcode opcode, Chain chain) {
        RingFault found = prps.follow(command, namespace.bytes(command), opcode == NvmeOpcode.READ, chain);
        if (found == RingFault.NONE) {
            return NvmeStatus.SUCCESS;
        }
        lastRefusal = found;
        return found == RingFault.BAD_PRP ? NvmeStatus.PRP_OFFSET_INVALID : NvmeStatus.DATA_TRANSFER_ERROR;
    }

    @Override
    public void giveBack(int id, int slots, long written) {
        complete(id, NvmeStatus.SUCCESS);
    }

    private void complete(int id, NvmeStatus status) {
        long entry = layout.completion(completionTail);
        taken--;
        if (!memory.reaches(entry, NvmeLayout.COMPLETION_BYTES, true)) {
            fault = RingFault.RING_OUT_OF_REACH;
            return;
        }
        memory.write32(entry, 0);
        memory.write32(entry + 8, head | (long) layout.queue() << 16);
        memory.write32(entry + 12, id | (phase ? 1L << 16 : 0) | (long) status.code() << 17);
        completionTail = layout.afterCompletion(completionTail);
        phase ^= completionTail == 0;
        givenBack = true;
    }

    @Override
    public boolean wantsInterrupt() {
        boolean some = givenBack;
        givenBack = false;
        return some;
    }

    /** Commands that were completed with an error. */
    public long refused() {
        return refused;
    }

    /** What was wrong with the memory that a refused command named; {@link RingFault#NONE} if none was. */
    public RingFault lastRefusal() {
        return lastRefusal;
    }

    @Override
    public RingFault fault() {
        return fault;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        head = snapshot.transfer(head);
        tail = snapshot.transfer(tail);
        completionHead = snapshot.transfer(completionHead);
        completionTail = snapshot.transfer(completionTail);
        phase = snapshot.transfer(phase);
        taken = snapshot.transfer(taken);
        givenBack = snapshot.transfer(givenBack);
        refused = snapshot.transfer(refused);
        lastRefusal = lastRefusal.transfer(snapshot);
        fault = fault.transfer(snapshot);
    }
}
