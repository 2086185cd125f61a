package hvsim.multiqueue.nic;

import hvsim.multiqueue.FrameReceiver;
import hvsim.multiqueue.QueueStats;
import hvsim.multiqueue.RequestDevice;
import hvsim.multiqueue.arbitration.Arbiter;
import hvsim.multiqueue.arrival.FrameSource;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.DeviceRegisters;
import hvsim.multiqueue.bus.RingFault;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.multiqueue.service.ConstantTime;
import hvsim.multiqueue.service.LineRate;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.service.ServiceStation;
import hvsim.multiqueue.service.StationSpec;
import hvsim.tlb.Snapshot;
import java.util.List;

/**
 * An adapter of the 8254x kind (e1000): one ring each way, one interrupt line, everything set up and asked for by
 * registers.
 *
 * <pre>
 *   RDT --> receive ring  --> {@link FrameReceiver} --.
 *                                                     |-- causes --> {@link NicInterrupt} --> line
 *   TDT --> transmit ring --> {@link RequestDevice} --'
 * </pre>
 */
public final class GigabitController implements DeviceRegisters, FrameTimes {
    /** Full duplex, link up, 1000 Mbit/s. */
    private static final int STATUS = 0x83;

    private static final int ENABLE = 1 << 1;

    /** Frames that are fetched ahead of the line; assumed. */
    private static final int TRANSMIT_DEPTH = 64;

    private final NicReceiveRing receiveRing;
    private final NicTransmitRing transmitRing;
    private final FrameReceiver receiver;
    private final RequestDevice transmitter;
    private final NicInterrupt interrupt;
    private int receiveControl;
    private int transmitControl;

    /**
     * @param mostWaitCycles how long a frame waits for the line, in a switch before it, until that drops it
     */
    public GigabitController(
            BusMemory memory,
            FrameSource source,
            LineRate receiveLine,
            long mostWaitCycles,
            LineRate transmitLine,
            long clockHz) {
        receiveRing = new NicReceiveRing(memory, NicLayout.NONE, 0);
        transmitRing = new NicTransmitRing(memory, NicLayout.NONE);
        receiver = new FrameReceiver(
                source, receiveLine, mostWaitCycles, frame -> 0, List.of(receiveRing), ModerationSpec.OFF);
        transmitter =
                new RequestDevice(List.of(transmitRing), Arbiter.equal(1, 1), line(transmitLine), ModerationSpec.OFF);
        interrupt = new NicInterrupt(clockHz);
        controlReceive(0);
        controlTransmit(0);
    }

    private static ServiceStation line(LineRate rate) {
        return new ServiceStation(new StationSpec(1, TRANSMIT_DEPTH, new ConstantTime(0)), new RandomStream(0), rate);
    }

    @Override
    public long read(long offset, long cycle) {
        advanceTo(cycle);
        NicRegister register = NicRegister.at(offset);
        return register == null ? 0 : read(register, cycle) & 0xFFFF_FFFFL;
    }

    private long read(NicRegister register, long cycle) {
        return switch (register) {
            case STATUS -> STATUS;
            case ICR -> interrupt.readCauses(cycle);
            case ITR -> interrupt.interval();
            case IMS -> interrupt.mask();
            case ICS, IMC -> 0;
            case RCTL -> receiveControl;
            case TCTL -> transmitControl;
            case RDBAL -> receiveRing.layout().low();
            case RDBAH -> receiveRing.layout().high();
            case RDLEN -> receiveRing.layout().bytes();
            case RDH -> receiveRing.head();
            case RDT -> receiveRing.tail();
            case TDBAL -> transmitRing.layout().low();
            case TDBAH -> transmitRing.layout().high();
            case TDLEN -> transmitRing.layout().bytes();
            case TDH -> transmitRing.head();
            case TDT -> transmitRing.tail();
        };
    }

    @Override
    public void write(long offset, long value, long cycle) {
        advanceTo(cycle);
        NicRegister register = NicRegister.at(offset);
        if (register != null) {
            write(register, value & 0xFFFF_FFFFL, cycle);
        }
    }

    private void write(NicRegister register, long value, long cycle) {
        switch (register) {
            case STATUS, ICR, RDH, TDH -> {}
            case ITR -> interrupt.setInterval((int) value);
            case ICS -> interrupt.raise((int) value, cycle);
            case IMS -> interrupt.allow((int) value, cycle);
            case IMC -> interrupt.forbid((int) value, cycle);
            case RCTL -> controlReceive((int) value);
            case TCTL -> {
                controlTransmit((int) value);
                transmitter.doorbell(0, cycle);
            }
            case RDBAL -> receiveRing.setUp(receiveRing.layout().withLow(value));
            case RDBAH -> receiveRing.setUp(receiveRing.layout().withHigh(value));
            case RDLEN -> receiveRing.setUp(receiveRing.layout().withBytes(value));
            case RDT -> receiveRing.setTail((int) value & 0xFFFF);
            case TDBAL -> transmitRing.setUp(transmitRing.layout().withLow(value));
            case TDBAH -> transmitRing.setUp(transmitRing.layout().withHigh(value));
            case TDLEN -> transmitRing.setUp(transmitRing.layout().withBytes(value));
            case TDT -> transmit((int) value & 0xFFFF, cycle);
        }
        interrupt.advanceTo(cycle);
    }

    private void controlReceive(int value) {
        receiveControl = value;
        receiveRing.enable((value & ENABLE) != 0);
        receiveRing.setBufferBytes(bufferBytes(value));
    }

    /** RCTL.BSIZE, bits 17:16, and BSEX, bit 25: 2048, 1024, 512, 256; extended 16384, 8192, 4096. */
    private static int bufferBytes(int value) {
        int size = 2048 >> (value >> 16 & 3);
        return (value & 1 << 25) == 0 ? size : 16 * size;
    }

    private void controlTransmit(int value) {
        transmitControl = value;
        transmitRing.enable((value & ENABLE) != 0);
    }

    private void transmit(int tail, long cycle) {
        transmitRing.setTail(tail);
        transmitter.doorbell(0, cycle);
        collect(cycle);
    }

    /** When something happens next by itself. */
    public long nextEventCycle() {
        return Math.min(nextCauseCycle(), interrupt.dueCycle());
    }

    private long nextCauseCycle() {
        return Math.min(receiver.nextEventCycle(), transmitter.nextEventCycle());
    }

    /** Does all that happens up to and in that cycle. */
    public void advanceTo(long cycle) {
        for (long next = nextCauseCycle(); next <= cycle; next = nextCauseCycle()) {
            interrupt.advanceTo(next - 1);
            receiver.advanceTo(next);
            transmitter.advanceTo(next);
            collect(next);
        }
        interrupt.advanceTo(cycle);
    }

    private void collect(long cycle) {
        if (receiver.pollInterrupt() >= 0) {
            interrupt.raise(NicInterrupt.RECEIVED, cycle);
        }
        if (transmitter.pollInterrupt() >= 0) {
            interrupt.raise(NicInterrupt.TRANSMIT_WRITTEN_BACK, cycle);
        }
    }

    /** Whether the interrupt line went up since this was last asked, and still is. */
    public boolean pollInterrupt() {
        return interrupt.poll();
    }

    /** How often the line went up. */
    public long interrupts() {
        return interrupt.count();
    }

    /** What was received, and what found no buffer. */
    public QueueStats received() {
        return receiver.stats(0);
    }

    /** Frames that waited too long for the line. */
    public long lineDrops() {
        return receiver.lineDrops();
    }

    @Override
    public long takeArrival() {
        return receiver.takeArrival(0);
    }

    public QueueStats transmitted() {
        return transmitter.stats(0);
    }

    /** What is wrong with either ring, the receive ring's first. */
    public RingFault fault() {
        return receiveRing.fault() == RingFault.NONE ? transmitRing.fault() : receiveRing.fault();
    }

    @Override
    public void transfer(Snapshot snapshot) {
        receiveControl = snapshot.transfer(receiveControl);
        transmitControl = snapshot.transfer(transmitControl);
        receiveRing.transfer(snapshot);
        transmitRing.transfer(snapshot);
        receiver.transfer(snapshot);
        transmitter.transfer(snapshot);
        interrupt.transfer(snapshot);
    }
}
