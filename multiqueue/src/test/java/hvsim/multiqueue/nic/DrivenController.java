package hvsim.multiqueue.nic;

import hvsim.multiqueue.arrival.ArrivalProcess;
import hvsim.multiqueue.arrival.SyntheticFrames;
import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.CountingRegisters;
import hvsim.multiqueue.bus.SavedState;
import hvsim.multiqueue.service.LineRate;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.steering.Flow;
import hvsim.multiqueue.steering.Frame;
import java.util.List;

/** An adapter at 1 GHz and 1 Gbit/s, and its driver, which polls some time after each interrupt. */
final class DrivenController {
    static final long CLOCK = 1_000_000_000L;

    private static final int ENTRIES = 64;
    private static final NicLayout RECEIVE = new NicLayout(0, ENTRIES);
    private static final NicLayout TRANSMIT = new NicLayout(4096, ENTRIES);
    private static final int BUFFERS = 8192;
    private static final int BUDGET = 64;
    private static final long NEVER = Long.MAX_VALUE;

    final ArrayMemory memory = new ArrayMemory(1 << 18);
    final GigabitController controller;
    final CountingRegisters registers;
    final GigabitDriver driver;
    private final Chain reply = new Chain().read(BUFFERS, 60);

    private long pollCycle = NEVER;
    private long now;
    private int received;

    DrivenController(ArrivalProcess arrivals) {
        controller = new GigabitController(
                memory,
                new SyntheticFrames(arrivals, List.of(new Frame(60, 1, 0, Flow.NONE)), new RandomStream(1)),
                LineRate.ethernet(1_000_000_000L, CLOCK),
                CLOCK,
                LineRate.ethernet(1_000_000_000L, CLOCK),
                CLOCK);
        registers = new CountingRegisters(controller);
        driver = new GigabitDriver(registers, memory, RECEIVE, TRANSMIT, BUFFERS);
    }

    void start(int interval) {
        driver.start(interval, 0);
        registers.take();
    }

    long now() {
        return now;
    }

    /** Lets that many frames be taken by the driver. */
    void receive(int frames, long handlerCycles, boolean replies) {
        for (int end = received + frames; received < end; ) {
            step(handlerCycles, replies);
        }
    }

    /** One event of the adapter, or one poll. */
    void step(long handlerCycles, boolean replies) {
        now = Math.min(controller.nextEventCycle(), pollCycle);
        controller.advanceTo(now);
        if (now == pollCycle) {
            poll(handlerCycles, replies);
        }
        if (controller.pollInterrupt() && driver.interrupted(now)) {
            pollCycle = now + handlerCycles;
        }
    }

    private void poll(long handlerCycles, boolean replies) {
        int frames = driver.poll(BUDGET, now);
        received += frames;
        pollCycle = frames == BUDGET ? now + handlerCycles : NEVER;
        for (int i = 0; replies && i < frames; i++) {
            driver.send(reply, now);
        }
    }

    int received() {
        return received;
    }

    /** The same, in other objects. */
    DrivenController saved(ArrivalProcess arrivals) {
        DrivenController other = new DrivenController(arrivals);
        for (int i = 0; i < 1 << 18; i += 8) {
            other.memory.write64(i, memory.read64(i));
        }
        SavedState.copy(registers::transfer, other.registers::transfer);
        SavedState.copy(driver::transfer, other.driver::transfer);
        other.pollCycle = pollCycle;
        other.now = now;
        other.received = received;
        return other;
    }
}
