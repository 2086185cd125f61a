package hvsim.vmm.iommu;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.tlb.PageSize;

/**
 * What a device reaches whose requests an IOMMU translates: machine memory, by I/O addresses. Each access is one request, and
 * so is each page of a stretch that is asked for. A refused write goes nowhere, a refused read gives ones, as PCI Express has it.
 */
public final class RemappedBus implements BusMemory {
    private static final long PAGE = PageSize.SIZE_4K.bytes();

    private final Iommu iommu;
    private final int requester;
    private final BusMemory machine;
    private final Dma dma = new Dma();
    private long cycles;

    /** @param machine what machine addresses lead to */
    public RemappedBus(Iommu iommu, int requester, BusMemory machine) {
        this.iommu = iommu;
        this.requester = requester;
        this.machine = machine;
    }

    @Override
    public boolean reaches(long address, long bytes, boolean write) {
        if (bytes < 0 || address + bytes < address) {
            return false;
        }
        long end = address + bytes;
        for (long at = address; at < end; at = (at | PAGE - 1) + 1) {
            if (!reachesWithinPage(at, Math.min((at | PAGE - 1) + 1, end) - at, write)) {
                return false;
            }
        }
        return true;
    }

    private boolean reachesWithinPage(long address, long bytes, boolean write) {
        long hpa = translate(address, write);
        return hpa != Iommu.REFUSED && machine.reaches(hpa, bytes, write);
    }

    private long translate(long iova, boolean write) {
        long hpa = iommu.translate(requester, iova, write, dma);
        cycles += dma.cycles();
        return hpa;
    }

    /** That all translations took. */
    public long cycles() {
        return cycles;
    }

    @Override
    public int read8(long address) {
        long hpa = translate(address, false);
        return hpa == Iommu.REFUSED ? 0xFF : machine.read8(hpa);
    }

    @Override
    public int read16(long address) {
        long hpa = translate(address, false);
        return hpa == Iommu.REFUSED ? 0xFFFF : machine.read16(hpa);
    }

    @Override
    public long read32(long address) {
        long hpa = translate(address, false);
        return hpa == Iommu.REFUSED ? 0xFFFF_FFFFL : machine.read32(hpa);
    }

    @Override
    public long read64(long address) {
        long hpa = translate(address, false);
        return hpa == Iommu.REFUSED ? -1 : machine.read64(hpa);
    }

    @Override
    public void write8(long address, int value) {
        long hpa = translate(address, true);
        if (hpa != Iommu.REFUSED) {
            machine.write8(hpa, value);
        }
    }

    @Override
    public void write16(long address, int value) {
        long hpa = translate(address, true);
        if (hpa != Iommu.REFUSED) {
            machine.write16(hpa, value);
        }
    }

    @Override
    public void write32(long address, long value) {
        long hpa = translate(address, true);
        if (hpa != Iommu.REFUSED) {
            machine.write32(hpa, value);
        }
    }

    @Override
    public void write64(long address, long value) {
        long hpa = translate(address, true);
        if (hpa != Iommu.REFUSED) {
            machine.write64(hpa, value);
        }
    }
}
