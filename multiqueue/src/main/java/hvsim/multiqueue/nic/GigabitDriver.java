package hvsim.multiqueue.nic;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.DeviceRegisters;
import hvsim.tlb.Snapshot;

/**
 * A driver that accesses registers as Linux's e1000 does (e1000_intr, e1000_clean, e1000_alloc_rx_buffers,
 * e1000_xmit_frame). All else it finds in memory.
 *
 * <pre>
 *   interrupt   read ICR; write IMC, read STATUS so that the write has arrived
 *   poll        write RDT for each 16 buffers
 *   rest        write IMS, read STATUS
 *   send        write TDT
 * </pre>
 */
public final class GigabitDriver {
    private static final int BUFFERS_AT_ONCE = 16;
    /** Of each buffer for a frame. */
    public static final int BUFFER_BYTES = 2048;

    private static final int ENABLE = 1 << 1;
    private static final long CAUSES = NicInterrupt.RECEIVED | NicInterrupt.TRANSMIT_WRITTEN_BACK;
    private static final long ALL = 0xFFFF_FFFFL;

    private final DeviceRegisters registers;
    private final NicLayout receiveLayout;
    private final NicLayout transmitLayout;
    private final NicReceiveDriver receive;
    private final NicTransmitDriver transmit;
    private final long buffers;

    private int nextBuffer;
    private long frame;
    private int frameBytes;

    /** @param buffers where those for frames to receive begin, 2048 bytes for each descriptor */
    public GigabitDriver(
            DeviceRegisters registers,
            BusMemory memory,
            NicLayout receiveLayout,
            NicLayout transmitLayout,
            long buffers) {
        this.registers = registers;
        this.receiveLayout = receiveLayout;
        this.transmitLayout = transmitLayout;
        this.buffers = buffers;
        receive = new NicReceiveDriver(memory, receiveLayout);
        transmit = new NicTransmitDriver(memory, transmitLayout);
    }

    /**
     * Sets both rings up and allows interrupts.
     *
     * @param interval least time between two interrupts in units of 256 ns; 0 for none
     */
    public void start(int interval, long cycle) {
        write(NicRegister.RDBAL, receiveLayout.low(), cycle);
        write(NicRegister.RDBAH, receiveLayout.high(), cycle);
        write(NicRegister.RDLEN, receiveLayout.bytes(), cycle);
        write(NicRegister.TDBAL, transmitLayout.low(), cycle);
        write(NicRegister.TDBAH, transmitLayout.high(), cycle);
        write(NicRegister.TDLEN, transmitLayout.bytes(), cycle);
        write(NicRegister.ITR, interval, cycle);
        write(NicRegister.TCTL, ENABLE, cycle);
        write(NicRegister.RCTL, ENABLE, cycle);
        refill(1, cycle);
        rest(cycle);
    }

    /** Where the register is that an interrupt handler reads first: that of the causes. */
    public static long causes() {
        return NicRegister.ICR.offset();
    }

    /** What the interrupt handler does; false if the interrupt is another device's. */
    public boolean interrupted(long cycle) {
        return interruptedBy(read(NicRegister.ICR, cycle), cycle);
    }

    /** The same, after the causes were read. */
    public boolean interruptedBy(long causes, long cycle) {
        if (causes == 0) {
            return false;
        }
        write(NicRegister.IMC, ALL, cycle);
        read(NicRegister.STATUS, cycle);
        return true;
    }

    /** Takes up to {@code budget} frames; how many. Fewer than that: there are no more, and the driver rests. */
    public int poll(int budget, long cycle) {
        reclaim();
        int frames = 0;
        while (frames < budget && takeFrame(cycle)) {
            frames++;
        }
        if (frames < budget) {
            rest(cycle);
        }
        return frames;
    }

    /** Descriptors of frames that were sent are free again. */
    public void reclaim() {
        while (transmit.takeSent()) {
            // the next one may be free, too
        }
    }

    /** Takes the next frame, if there is one: {@link #frame} and {@link #frameBytes} say where it is. */
    public boolean takeFrame(long cycle) {
        frame = receive.buffer();
        frameBytes = receive.takeFrame();
        if (frameBytes == NicReceiveDriver.NONE) {
            return false;
        }
        refill(BUFFERS_AT_ONCE, cycle);
        return true;
    }

    /** Address of the frame that was taken last. */
    public long frame() {
        return frame;
    }

    /** How long it is; 0 if it was longer than its buffer. */
    public int frameBytes() {
        return frameBytes;
    }

    /** Gives buffers for all free descriptors once there are that many, one register for all of them. */
    private void refill(int least, long cycle) {
        if (receive.free() < least) {
            return;
        }
        while (receive.post(buffers + (long) BUFFER_BYTES * nextBuffer)) {
            nextBuffer = receiveLayout.after(nextBuffer);
        }
        write(NicRegister.RDT, receive.tail(), cycle);
    }

    /** There is nothing more to take: the next frame may interrupt. */
    public void rest(long cycle) {
        write(NicRegister.IMS, CAUSES, cycle);
        read(NicRegister.STATUS, cycle);
    }

    /** False if the ring has no room for the frame. */
    public boolean send(Chain frame, long cycle) {
        boolean room = transmit.send(frame);
        if (room) {
            write(NicRegister.TDT, transmit.tail(), cycle);
        }
        return room;
    }

    private long read(NicRegister register, long cycle) {
        return registers.read(register.offset(), cycle);
    }

    private void write(NicRegister register, long value, long cycle) {
        registers.write(register.offset(), value, cycle);
    }

    public void transfer(Snapshot snapshot) {
        receive.transfer(snapshot);
        transmit.transfer(snapshot);
        nextBuffer = snapshot.transfer(nextBuffer);
        frame = snapshot.transfer(frame);
        frameBytes = snapshot.transfer(frameBytes);
    }
}
