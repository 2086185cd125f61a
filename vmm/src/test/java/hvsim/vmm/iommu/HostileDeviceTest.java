package hvsim.vmm.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.multiqueue.bus.ArrayMemory;
import hvsim.multiqueue.bus.Chain;
import hvsim.multiqueue.bus.RingFault;
import hvsim.multiqueue.nic.NicLayout;
import hvsim.multiqueue.nic.NicReceiveDriver;
import hvsim.multiqueue.nic.NicReceiveRing;
import hvsim.tlb.PageSize;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Two VMs, each with a function of one adapter and 64 KiB of the machine; what the first one's ring may say. */
class HostileDeviceTest {
    private static final int SHARE = 1 << 16;
    private static final int FIRST = 0x0300;
    private static final int SECOND = 0x0301;
    private static final int BUFFER_BYTES = 2048;
    private static final long SECRET = 0x5EC2E7;

    private final Remapped machine = new Remapped();
    private final ArrayMemory bytes = new ArrayMemory(2 * SHARE);
    private final NicLayout layout = new NicLayout(0, 8);
    private final NicReceiveRing ring;
    private final NicReceiveDriver driver;

    HostileDeviceTest() {
        share(FIRST, 1, 0);
        share(SECOND, 2, SHARE);
        bytes.write64(SHARE, SECRET);
        driver = new NicReceiveDriver(bytes, layout);
        ring = new NicReceiveRing(new RemappedBus(machine.iommu, FIRST, bytes), layout, BUFFER_BYTES);
    }

    private void share(int requester, int domain, long hpa) {
        var tables = machine.attached(requester, domain);
        for (int at = 0; at < SHARE; at += 4096) {
            tables.map(at, hpa + at, PageSize.SIZE_4K, Remapped.RW);
        }
    }

    private boolean takes(long buffer) {
        driver.post(buffer);
        ring.setTail(driver.tail());
        return ring.take(new Chain());
    }

    @Test
    void aBufferOfItsOwnIsUsed() {
        assertTrue(takes(SHARE - BUFFER_BYTES));
        ring.giveBack(0, 1, 60);
        assertEquals(60, driver.takeFrame());
        assertEquals(0, machine.iommu.stats().faults());
    }

    @Test
    void theOtherVmsMemoryHasNoAddressInItsDomain() {
        assertFalse(takes(SHARE));
        assertEquals(RingFault.BUFFER_OUT_OF_REACH, ring.fault());
        FaultRecord fault = Objects.requireNonNull(machine.iommu.faults().take());
        assertEquals(new FaultRecord(FIRST, SHARE, true, FaultReason.NO_WRITE), fault);
        assertEquals(SECRET, bytes.read64(SHARE));
    }

    @Test
    void aBufferThatBeginsInItsMemoryAndEndsOutsideIsRefused() {
        assertFalse(takes(SHARE - 8));
        assertEquals(1, machine.iommu.stats().recorded());
    }

    @Test
    void theOtherVmsDeviceWorksOn() {
        assertFalse(takes(0x7FFF_0000L));
        RemappedBus other = new RemappedBus(machine.iommu, SECOND, bytes);
        assertTrue(other.reaches(0, SHARE, true));
        assertEquals(SECRET, other.read64(0));
    }

    @Test
    void refusedAccessesReadOnesAndWriteNothing() {
        RemappedBus bus = new RemappedBus(machine.iommu, FIRST, bytes);
        assertEquals(0xFF, bus.read8(SHARE));
        assertEquals(0xFFFF, bus.read16(SHARE));
        assertEquals(0xFFFF_FFFFL, bus.read32(SHARE));
        assertEquals(-1, bus.read64(SHARE));
        bus.write8(SHARE, 1);
        bus.write16(SHARE, 1);
        bus.write32(SHARE, 1);
        bus.write64(SHARE, 1);
        assertEquals(8, machine.iommu.stats().faults());
        assertEquals(SECRET, bytes.read64(SHARE));
    }

    @Test
    void lengthsThatGoAroundTheAddressSpaceAreRefused() {
        RemappedBus bus = new RemappedBus(machine.iommu, FIRST, bytes);
        assertFalse(bus.reaches(Long.MAX_VALUE - 8, 16, false));
        assertFalse(bus.reaches(0, -1, false));
        assertNull(machine.iommu.faults().take());
    }
}
