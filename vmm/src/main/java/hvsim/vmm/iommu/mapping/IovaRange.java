package hvsim.vmm.iommu.mapping;

import hvsim.tlb.PageSize;

/**
 * I/O addresses below 4 GiB, as pages counted from the top.
 *
 * <pre>
 *   FFFF_F000H page 0    ...    FEEF_F000H to FEE0_0000H interrupts    ...    1000H the last one; 0 is nobody's
 * </pre>
 */
final class IovaRange {
    /** Pages that can be handed out, and those of interrupts among them. */
    static final int PAGES = (1 << 20) - 1;

    static final int INTERRUPTS = pageOf(0xFEE0_0000L) - 255;
    static final int INTERRUPT_PAGES = 256;

    private IovaRange() {}

    /** Lowest address of a range. */
    static long address(int top, int pages) {
        return (PAGES + 1L - top - pages) << PageSize.SIZE_4K.shift();
    }

    /** The page of an address, counted from the top; below 0 if it is above 4 GiB. */
    static int pageOf(long address) {
        return (int) Math.max(PAGES - (address >>> PageSize.SIZE_4K.shift()), -1);
    }
}
