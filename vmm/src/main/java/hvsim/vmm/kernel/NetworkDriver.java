package hvsim.vmm.kernel;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.instruction.Instruction;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.nic.FrameTimes;
import hvsim.multiqueue.nic.GigabitDriver;
import hvsim.multiqueue.nic.NicLayout;
import hvsim.tlb.Snapshot;

/**
 * A network adapter as the kernel uses it: an interrupt, then polling until nothing is left (NAPI), with an answer to each
 * frame. What registers are accessed, and when, says {@link GigabitDriver}.
 *
 * <pre>
 *   interrupt   the causes are read                          -&gt; DEVICE_CAUSES
 *   causes      the adapter's interrupts off, its end, STI   -&gt; DEVICE_POLL
 *   poll        up to 64 frames: each one's bytes are read, an answer is written and sent
 *                                                            -&gt; DEVICE_POLL
 *               none left: CLI, the adapter's interrupts on
 * </pre>
 */
final class NetworkDriver {
    /** Of a frame, and what its buffer holds. */
    static final int MOST_BYTES = GigabitDriver.BUFFER_BYTES;

    /** E1000_DEFAULT_RXD and E1000_DEFAULT_TXD of Linux. */
    private static final int ENTRIES = 256;

    private static final int BUFFERS_BYTES = ENTRIES * MOST_BYTES;

    /** NAPI_POLL_WEIGHT of Linux. */
    private static final int BUDGET = 64;

    /** Programs are written before they run: no time is known. */
    private static final long LATER = 0;

    private final NicUse use;
    private final KernelPrograms programs;
    private final FrameTimes times;
    private final DriverAccesses accesses;
    private final long causes;
    private final GigabitDriver driver;
    private final long replies;
    private final Chain reply = new Chain();
    private final NicCounts counts = new NicCounts();
    private int nextReply;
    private boolean polls;

    /** @param registers where the kernel sees them */
    NetworkDriver(
            NicUse use,
            KernelPrograms programs,
            GuestFrames frames,
            BusMemory memory,
            long registers,
            FrameTimes times) {
        this.use = use;
        this.programs = programs;
        this.times = times;
        causes = registers + GigabitDriver.causes();
        accesses = new DriverAccesses(memory, registers);
        NicLayout receive = new NicLayout(frames.takeTable(), ENTRIES);
        NicLayout transmit = new NicLayout(frames.takeTable(), ENTRIES);
        driver = new GigabitDriver(accesses, accesses, receive, transmit, frames.takeBuffers(BUFFERS_BYTES));
        replies = frames.takeBuffers(BUFFERS_BYTES);
    }

    NicCounts counts() {
        return counts;
    }

    /** Before anything else runs. */
    void start() {
        accesses.into(programs.push(0).path(Path.DEVICE_INTERRUPT));
        driver.start(0, LATER);
    }

    void interrupt(int vcpu) {
        programs.push(vcpu)
                .path(Path.DEVICE_INTERRUPT)
                .readRegister(causes)
                .then(KernelEvent.DEVICE_CAUSES, use.device());
    }

    /** The causes were read. */
    void handle(int vcpu, long found) {
        KernelCode code = accesses.into(programs.push(vcpu));
        boolean isOwn = driver.interruptedBy(found, LATER);
        code.endInterrupt();
        if (isOwn && !polls) {
            polls = true;
            code.instruction(Instruction.STI).then(KernelEvent.DEVICE_POLL, use.device());
        }
    }

    void poll(int vcpu) {
        KernelCode code = accesses.into(programs.push(vcpu));
        driver.reclaim();
        int frames = 0;
        while (frames < BUDGET && driver.takeFrame(LATER)) {
            frames++;
            if (driver.frameBytes() > 0) {
                receive(code);
            }
        }
        if (frames > 0) {
            code.then(KernelEvent.DEVICE_POLL, use.device());
        } else {
            polls = false;
            code.instruction(Instruction.CLI);
            driver.rest(LATER);
        }
    }

    private void receive(KernelCode code) {
        int bytes = driver.frameBytes();
        counts.receive(bytes, times.takeArrival());
        code.path(Path.RECEIVE).touch(GuestOp.READ, driver.frame(), bytes);
        if (use.replyBytes() > 0) {
            reply(code);
        }
    }

    private void reply(KernelCode code) {
        long buffer = replies + (long) nextReply * MOST_BYTES;
        nextReply = (nextReply + 1) % ENTRIES;
        code.path(Path.SEND).touch(GuestOp.WRITE, buffer, use.replyBytes());
        counts.send(use.replyBytes(), driver.send(reply.clear().read(buffer, use.replyBytes()), LATER));
    }

    void transfer(Snapshot snapshot) {
        driver.transfer(snapshot);
        counts.transfer(snapshot);
        nextReply = snapshot.transfer(nextReply);
        polls = snapshot.transfer(polls);
    }
}
