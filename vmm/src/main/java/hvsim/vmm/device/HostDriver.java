package hvsim.vmm.device;

import hvsim.cpu.Program;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.nic.GigabitDriver;
import hvsim.multiqueue.nic.NicLayout;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;

/** The hypervisor's own driver of a network adapter, with rings and buffers in the hypervisor's memory. */
final class HostDriver {
    private static final int ENTRIES = 256;
    private static final long BUFFERS_BYTES = (long) ENTRIES * GigabitDriver.BUFFER_BYTES;

    private final MachineDevice device;
    private final HostAccesses accesses;
    private final GigabitDriver driver;
    private final long sendBuffers;
    private final Chain chain = new Chain();
    private int nextBuffer;

    HostDriver(MachineDevice device, BusMemory memory, Frames frames) {
        this.device = device;
        this.accesses = new HostAccesses(device);
        NicLayout receive = new NicLayout(frames.allocate(PageSize.SIZE_4K), ENTRIES);
        NicLayout transmit = new NicLayout(frames.allocate(PageSize.SIZE_4K), ENTRIES);
        driver = new GigabitDriver(accesses, memory, receive, transmit, frames.allocate(BUFFERS_BYTES));
        sendBuffers = frames.allocate(BUFFERS_BYTES);
        driver.start(0, 0);
    }

    /** The adapter has interrupted; false if it did not. */
    boolean interrupted(Program program, long cycle) {
        accesses.into(program);
        boolean own = driver.interrupted(cycle);
        driver.reclaim();
        return own;
    }

    /** Takes the next frame, if there is one. */
    boolean takeFrame(long cycle) {
        return driver.takeFrame(cycle);
    }

    int frameBytes() {
        return driver.frameBytes();
    }

    /** When the frame that was taken came to the line. */
    long takeArrival() {
        return device.controller().takeArrival();
    }

    void rest(long cycle) {
        driver.rest(cycle);
    }

    /** Sends a frame; false if the ring has no room. */
    boolean send(Program program, int bytes, long cycle) {
        accesses.into(program);
        driver.reclaim();
        long buffer = sendBuffers + (long) nextBuffer * GigabitDriver.BUFFER_BYTES;
        nextBuffer = (nextBuffer + 1) % ENTRIES;
        return driver.send(chain.clear().read(buffer, bytes), cycle);
    }

    void transfer(Snapshot snapshot) {
        driver.transfer(snapshot);
        nextBuffer = snapshot.transfer(nextBuffer);
    }
}
