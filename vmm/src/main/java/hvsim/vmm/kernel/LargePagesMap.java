package hvsim.vmm.kernel;

import hvsim.ept.GuestPage;
import hvsim.ept.PageTable;

/** Where nobody watches what is written: large pages. */
final class LargePagesMap implements DirectMap {
    private final long flags;

    /** @param flags of the kernel's pages */
    LargePagesMap(long flags) {
        this.flags = flags;
    }

    @Override
    public void map(KernelImage image, long gva, long gpa) {
        PageTable table = image.table();
        if (table.translate(gva) == PageTable.UNMAPPED) {
            GuestPage page = GuestPage.ofLevel2(table.layout());
            image.setLeaf(gva, page, page.leaf(gpa & -page.bytes(), flags));
        }
    }

    @Override
    public void becomesTable(long gpa) {
        // it is written as any page is
    }
}
