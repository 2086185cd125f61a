package hvsim.vmm.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.PageSize;
import hvsim.vmm.iommu.mapping.Domain;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Four pages of each of two domains are remembered: who forgets what. */
class InvalidationTest {
    private static final int PAGES = 4;

    private final Remapped machine = new Remapped();

    @BeforeEach
    void remember() {
        for (int device = 1; device <= 2; device++) {
            Domain domain = machine.attached(device, device);
            for (int page = 0; page < PAGES; page++) {
                domain.map((long) page << 12, (long) page << 12, PageSize.SIZE_4K, Remapped.RW);
            }
            remembered(device);
        }
    }

    /** Pages whose translation takes no time; all are remembered afterwards. */
    private int remembered(int device) {
        int free = 0;
        for (int page = 0; page < PAGES; page++) {
            machine.iommu.translate(device, (long) page << 12, false, machine.dma);
            free += machine.dma.cycles() == 0 ? 1 : 0;
        }
        return free;
    }

    private void assertRemembered(int ofFirst, int ofSecond) {
        assertEquals(ofFirst, remembered(1));
        assertEquals(ofSecond, remembered(2));
    }

    @Test
    void allOfItForgetsBothDomains() {
        machine.queue.submit(InvalidationDescriptor.everything());
        assertRemembered(0, 0);
        assertEquals(1, machine.iommu.stats().globalInvalidations());
    }

    @Test
    void aDomainForgetsItsOwn() {
        machine.queue.submit(InvalidationDescriptor.ofDomain(2));
        assertRemembered(PAGES, 0);
    }

    @Test
    void pagesAreForgottenAlone() {
        machine.queue.submit(InvalidationDescriptor.pages(1, 0x2000, 2, true));
        assertRemembered(2, PAGES);
        assertEquals(2, machine.iommu.stats().pageInvalidations());
    }

    @Test
    void theTablesAboveAPageAreKeptOnlyIfTheyAreSaidToBeUnchanged() {
        machine.queue.submit(InvalidationDescriptor.pages(1, 0, 1, true));
        machine.iommu.translate(1, 0, false, machine.dma);
        assertEquals(IommuSpec.ASSUMED.readCycles(), machine.dma.cycles());
        machine.queue.submit(InvalidationDescriptor.pages(1, 0, 1, false));
        machine.iommu.translate(1, 0, false, machine.dma);
        assertEquals(4 * IommuSpec.ASSUMED.readCycles(), machine.dma.cycles());
    }

    @Test
    void contextsAreForgottenWithoutTheirPages() {
        machine.queue.submit(InvalidationDescriptor.allContexts());
        assertRemembered(PAGES - 1, PAGES - 1);
        assertEquals(4, machine.iommu.stats().contextMisses());
    }

    @Test
    void aWaitWritesItsDataAfterAllBeforeItIsDone() {
        long status = machine.frames.allocate(PageSize.SIZE_4K);
        machine.queue.submit(InvalidationDescriptor.waitFor(status + 4, 7));
        machine.queue.submit(InvalidationDescriptor.waitFor(status, -2));
        assertEquals(7L << 32 | 0xFFFF_FFFEL, machine.memory.read(status));
    }

    @Test
    void whatIsUnknownStopsTheQueueUntilSoftwareHasSeenIt() {
        machine.queue.submit(new InvalidationDescriptor(14, 0));
        machine.queue.submit(InvalidationDescriptor.everything());
        assertTrue(machine.queue.error());
        assertRemembered(PAGES, PAGES);
        machine.queue.clearError();
        assertFalse(machine.queue.error());
        assertRemembered(0, 0);
    }

    @Test
    void theQueueGoesAroundItsPage() {
        for (int i = 0; i < 3 * InvalidationQueue.ENTRIES; i++) {
            machine.queue.submit(InvalidationDescriptor.ofDomain(2));
        }
        assertEquals(3 * InvalidationQueue.ENTRIES, machine.iommu.stats().domainInvalidations());
    }
}
