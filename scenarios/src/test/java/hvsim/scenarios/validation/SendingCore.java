package hvsim.scenarios.validation;

import hvsim.ept.EptEntry;
import hvsim.ept.PhysicalMemory;
import hvsim.multiqueue.RequestDevice;
import hvsim.multiqueue.arbitration.Arbiter;
import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.interrupt.ModerationSpec;
import hvsim.multiqueue.nic.NicLayout;
import hvsim.multiqueue.nic.NicTransmitDriver;
import hvsim.multiqueue.nic.NicTransmitRing;
import hvsim.multiqueue.service.ConstantTime;
import hvsim.multiqueue.service.LineRate;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.service.ServiceStation;
import hvsim.multiqueue.service.StationSpec;
import hvsim.tlb.PageSize;
import hvsim.vmm.iommu.InvalidationQueue;
import hvsim.vmm.iommu.Iommu;
import hvsim.vmm.iommu.IommuSpec;
import hvsim.vmm.iommu.IommuStats;
import hvsim.vmm.iommu.RemappedBus;
import hvsim.vmm.iommu.mapping.DmaMapping;
import hvsim.vmm.iommu.mapping.Domain;
import hvsim.vmm.iommu.mapping.IdentityMapping;
import hvsim.vmm.iommu.mapping.MappingCosts;
import hvsim.vmm.iommu.mapping.MappingPolicy;
import hvsim.vmm.iommu.mapping.RemappedMapping;
import hvsim.vmm.iommu.mapping.RemappingTables;
import hvsim.vmm.memory.FrameAllocator;
import hvsim.vmm.memory.Frames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The machine of Malka et al. (ASPLOS 2015, 5.1): one core of 3.1 GHz that sends packets of 1,500 bytes as fast as it can, each in
 * two buffers, through an adapter of 40 Gbit/s.
 *
 * <pre>
 *   send       what a packet takes without IOMMU; map header and data; two descriptors; doorbell
 *   adapter    reads descriptors and buffers through the IOMMU; interrupts at each 200 packets (4 "~200 iterations")
 *   interrupt  for each packet that is sent: unmap header and data
 *              with a receive ring: for each two of them, the buffer of an acknowledgement is unmapped and another mapped
 * </pre>
 */
final class SendingCore {
    static final long CLOCK_HZ = 3_100_000_000L;

    /** E077. */
    static final int PACKET_CYCLES = 1816;

    static final int PACKET_BYTES = 1500;

    private static final int HEADER_BYTES = 66;
    private static final int DESCRIPTORS = 1024;
    private static final int PACKETS = DESCRIPTORS / 2;
    private static final int BURST = 200;
    private static final int ADAPTER = 0x0100;
    private static final int DOMAIN = 1;
    private static final long MIB = 1L << 20;
    private static final int HEADERS = 1 << 18;
    private static final int DATA = 1 << 19;
    private static final int BUFFER = 1 << 11;

    private final ArrayMemory bytes = new ArrayMemory((int) (2 * MIB));
    private final PhysicalMemory memory = new PhysicalMemory(64 * MIB);
    private final @Nullable Iommu iommu;
    private final @Nullable RemappedMapping remapped;
    private final DmaMapping mapping;
    private final NicTransmitDriver driver = new NicTransmitDriver(bytes, new NicLayout(0, DESCRIPTORS));
    private final NicTransmitRing ring;
    private final RequestDevice adapter;
    private final Chain packet = new Chain();
    private final long[] header = new long[PACKETS];
    private final long[] data = new long[PACKETS];
    private final long[] receive;
    private int oldestReceive;
    private int acknowledged;
    private int sent;
    private int done;
    private long cycle;
    private long waited;

    /** @param receiveBuffers that are mapped before the first packet is sent; 0 for no receive ring */
    SendingCore(MappingPolicy policy, MappingCosts costs, int receiveBuffers) {
        if (policy == MappingPolicy.NONE) {
            iommu = null;
            remapped = null;
            mapping = new IdentityMapping();
        } else {
            Frames frames = new Frames(new FrameAllocator(32 * MIB, 64 * MIB, 64 * MIB, "the machine's memory"), 0);
            iommu = new Iommu(memory, IommuSpec.ASSUMED);
            InvalidationQueue queue = new InvalidationQueue(memory, iommu, frames.allocate(PageSize.SIZE_4K));
            Domain domain = new Domain(DOMAIN, memory, frames, iommu);
            new RemappingTables(memory, frames, iommu, queue).attach(ADAPTER, DOMAIN, domain.tables());
            remapped = new RemappedMapping(domain, queue, policy, costs, CLOCK_HZ / 100);
            mapping = remapped;
        }
        BusMemory bus = iommu == null ? bytes : new RemappedBus(iommu, ADAPTER, bytes);
        long base = mapping.map(0, DESCRIPTORS * 16, EptEntry.READ | EptEntry.WRITE, 0);
        ring = new NicTransmitRing(bus, new NicLayout(base, DESCRIPTORS));
        adapter = new RequestDevice(
                List.of(ring),
                Arbiter.equal(1, 1),
                new ServiceStation(
                        new StationSpec(1, 64, new ConstantTime(0)),
                        new RandomStream(0),
                        LineRate.ethernet(40_000_000_000L, CLOCK_HZ)),
                new ModerationSpec(BURST, CLOCK_HZ / 1000));
        receive = new long[receiveBuffers];
        for (int i = 0; i < receiveBuffers; i++) {
            receive[i] = mapping.map(MIB, BUFFER, EptEntry.WRITE, 0);
        }
        mapping.takeCycles();
    }

    /** Sends so many packets; cycles of the processor for each. */
    double cyclesOf(int packets) {
        long from = cycle;
        int end = sent + packets;
        while (sent < end) {
            if (driver.free() >= 2) {
                send();
            } else {
                waitForAdapter();
            }
            adapter.advanceTo(cycle);
            if (adapter.pollInterrupt() >= 0) {
                clean();
            }
            mapping.advanceTo(cycle);
        }
        return (double) (cycle - from) / packets;
    }

    private void send() {
        int slot = sent++ % PACKETS;
        header[slot] = mapping.map(HEADERS + slot * 128L, HEADER_BYTES, EptEntry.READ, cycle);
        data[slot] = mapping.map(DATA + (long) slot * BUFFER, PACKET_BYTES - HEADER_BYTES, EptEntry.READ, cycle);
        driver.send(packet.clear().read(header[slot], HEADER_BYTES).read(data[slot], PACKET_BYTES - HEADER_BYTES));
        cycle += PACKET_CYCLES + mapping.takeCycles();
        adapter.advanceTo(cycle);
        ring.setTail(driver.tail());
        adapter.doorbell(0, cycle);
    }

    private void waitForAdapter() {
        long until = Math.max(cycle, adapter.nextEventCycle());
        waited += until - cycle;
        cycle = until;
    }

    private void clean() {
        while (driver.takeSent()) {
            int slot = done++ % PACKETS;
            mapping.unmap(header[slot], cycle);
            mapping.unmap(data[slot], cycle);
            cycle += mapping.takeCycles();
        }
        while (receive.length > 0 && acknowledged < done / 2) {
            acknowledged++;
            mapping.unmap(receive[oldestReceive], cycle);
            receive[oldestReceive] = mapping.map(MIB, BUFFER, EptEntry.WRITE, cycle);
            oldestReceive = (oldestReceive + 1) % receive.length;
            cycle += mapping.takeCycles();
        }
    }

    /** Cycles in which the core had nothing to do. */
    long waited() {
        return waited;
    }

    /** Null without IOMMU. */
    @Nullable
    IommuStats iommu() {
        return iommu == null ? null : iommu.stats();
    }

    /** Ranges that the search for a free address went over, for each that was found; 0 without IOMMU. */
    double searched() {
        return remapped == null ? 0 : (double) remapped.visited() / remapped.maps();
    }
}
