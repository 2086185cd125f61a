package hvsim.vmm.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.ept.EptEntry;
import hvsim.ept.PageTable;
import hvsim.tlb.PageSize;
import hvsim.vmm.iommu.mapping.Domain;
import org.junit.jupiter.api.Test;

class IommuTest {
    private static final int NIC = 0x0108;
    private static final int DISK = 0x0210;
    private static final long IOVA = 0xFFFF_F000L;
    private static final long HPA = 0x12_3000L;

    private final Remapped machine = new Remapped();

    private long translate(int requester, long iova, boolean write) {
        return machine.iommu.translate(requester, iova, write, machine.dma);
    }

    private void assertRefused(FaultReason reason, int requester, long iova, boolean write) {
        assertEquals(Iommu.REFUSED, translate(requester, iova, write));
        assertEquals(reason, machine.dma.fault());
        assertEquals(
                new FaultRecord(requester, iova & -4096L, write, reason),
                machine.iommu.faults().take());
    }

    @Test
    void aMappedPageIsReachedAndTheRestOfItsAddressStays() {
        machine.attached(NIC, 1).map(IOVA, HPA, PageSize.SIZE_4K, Remapped.RW);
        assertEquals(HPA | 0x678, translate(NIC, IOVA | 0x678, true));
        assertNull(machine.dma.fault());
    }

    @Test
    void theFirstRequestReadsRootContextAndEachLevelAndTheSecondReadsNothing() {
        machine.attached(NIC, 1).map(IOVA, HPA, PageSize.SIZE_4K, Remapped.RW);
        translate(NIC, IOVA, false);
        assertEquals(6 * IommuSpec.ASSUMED.readCycles(), machine.dma.cycles());
        translate(NIC, IOVA | 8, true);
        assertEquals(0, machine.dma.cycles());
        assertEquals(1, machine.iommu.stats().iotlbMisses());
    }

    @Test
    void aNeighbourIsFoundThroughTheTablesThatAreKnown() {
        Domain domain = machine.attached(NIC, 1);
        domain.map(IOVA, HPA, PageSize.SIZE_4K, Remapped.RW);
        domain.map(IOVA - 4096, HPA + 4096, PageSize.SIZE_4K, Remapped.RW);
        translate(NIC, IOVA, false);
        assertEquals(HPA + 4096, translate(NIC, IOVA - 4096, false));
        assertEquals(IommuSpec.ASSUMED.readCycles(), machine.dma.cycles());
    }

    @Test
    void aLargePageIsOneEntry() {
        machine.attached(NIC, 1).map(0x4000_0000L, 0x20_0000, PageSize.SIZE_2M, Remapped.RW);
        assertEquals(0x20_0000, translate(NIC, 0x4000_0000L, false));
        assertEquals(0x3F_FFF8, translate(NIC, 0x401F_FFF8L, true));
        assertEquals(1, machine.iommu.stats().iotlbMisses());
    }

    @Test
    void tablesOfAGuestsSecondStageServeAsTheyAre() {
        PageTable ept = PageTable.ofSecondStage(machine.memory, machine.frames.allocate(PageSize.SIZE_4K));
        for (int level = 3; level > 0; level--) {
            ept.link(0, level, machine.frames.allocate(PageSize.SIZE_4K), false);
        }
        ept.setLeaf(0x5000, PageSize.SIZE_4K, EptEntry.leaf(HPA, PageSize.SIZE_4K, EptEntry.RIGHTS));
        machine.tables.attach(NIC, 3, ept);
        assertEquals(HPA | 4, translate(NIC, 0x5004, true));
    }

    @Test
    void whatIsNotMappedIsRefusedByWhatWasAskedFor() {
        machine.attached(NIC, 1).map(IOVA, HPA, PageSize.SIZE_4K, EptEntry.READ);
        assertRefused(FaultReason.NO_READ, NIC, 0x1000, false);
        assertRefused(FaultReason.NO_WRITE, NIC, 0x1000, true);
        assertRefused(FaultReason.NO_WRITE, NIC, IOVA, true);
        assertEquals(HPA, translate(NIC, IOVA, false));
    }

    @Test
    void aPageToBeWrittenOnlyIsNotRead() {
        machine.attached(NIC, 1).map(IOVA, HPA, PageSize.SIZE_4K, EptEntry.WRITE);
        assertEquals(HPA, translate(NIC, IOVA, true));
        assertRefused(FaultReason.NO_READ, NIC, IOVA, false);
    }

    @Test
    void aRequesterWithoutEntryIsRefusedAndSoIsItsBus() {
        machine.attached(NIC, 1);
        assertRefused(FaultReason.CONTEXT_NOT_PRESENT, NIC + 1, IOVA, false);
        assertRefused(FaultReason.ROOT_NOT_PRESENT, DISK, IOVA, false);
    }

    @Test
    void whatIsMalformedIsNamed() {
        Domain domain = machine.attached(NIC, 1);
        domain.map(IOVA, HPA, PageSize.SIZE_4K, Remapped.RW);
        assertRefused(FaultReason.ADDRESS_WIDTH, NIC, 1L << 48, false);
        domain.tables().setEntry(IOVA, 1, HPA | Remapped.RW | 1L << 50);
        assertRefused(FaultReason.RESERVED_IN_TABLE, NIC, IOVA, false);
        machine.tables.attach(DISK, IommuSpec.ASSUMED.domains(), domain.tables());
        assertRefused(FaultReason.CONTEXT_INVALID, DISK, IOVA, false);
    }

    @Test
    void whoPassesThroughUsesMachineAddresses() {
        machine.tables.passThrough(NIC, 1);
        assertEquals(0x7654_3210L, translate(NIC, 0x7654_3210L, true));
    }

    @Test
    void domainsReachTheirOwnPagesOnly() {
        machine.attached(NIC, 1).map(IOVA, HPA, PageSize.SIZE_4K, Remapped.RW);
        machine.attached(DISK, 2).map(IOVA, 2 * HPA, PageSize.SIZE_4K, Remapped.RW);
        assertEquals(HPA, translate(NIC, IOVA, true));
        assertEquals(2 * HPA, translate(DISK, IOVA, true));
        assertEquals(HPA, translate(NIC, IOVA, true));
    }

    @Test
    void whatIsRememberedOutlivesTheTablesUntilItIsInvalidated() {
        Domain domain = machine.attached(NIC, 1);
        domain.map(IOVA, HPA, PageSize.SIZE_4K, Remapped.RW);
        translate(NIC, IOVA, true);
        domain.unmap(IOVA, PageSize.SIZE_4K);
        assertEquals(HPA, translate(NIC, IOVA, true));
        assertTrue(machine.dma.isStale());
        assertEquals(1, machine.iommu.stats().stale());
        machine.queue.submit(InvalidationDescriptor.pages(1, IOVA, 1, true));
        assertRefused(FaultReason.NO_WRITE, NIC, IOVA, true);
    }

    @Test
    void aDeviceThatIsTakenAwayReachesNothing() {
        machine.attached(NIC, 1).map(IOVA, HPA, PageSize.SIZE_4K, Remapped.RW);
        translate(NIC, IOVA, true);
        machine.tables.detach(NIC, 1);
        assertRefused(FaultReason.CONTEXT_NOT_PRESENT, NIC, IOVA, true);
    }

    @Test
    void faultsThatFindNoRegisterAreLostUntilSoftwareTakesThem() {
        machine.attached(NIC, 1);
        for (int i = 0; i < IommuSpec.ASSUMED.faults() + 3; i++) {
            translate(NIC, (long) i << 12, false);
        }
        assertEquals(IommuSpec.ASSUMED.faults(), machine.iommu.stats().recorded());
        assertEquals(3, machine.iommu.stats().lost());
        assertTrue(machine.iommu.faults().overflow());
        assertTrue(machine.iommu.faults().pollInterrupt());
        for (int i = 0; i < IommuSpec.ASSUMED.faults(); i++) {
            assertEquals(
                    new FaultRecord(NIC, (long) i << 12, false, FaultReason.NO_READ),
                    machine.iommu.faults().take());
        }
        assertNull(machine.iommu.faults().take());
        machine.iommu.faults().clearOverflow();
        assertRefused(FaultReason.NO_READ, NIC, 0xABC000, false);
    }
}
