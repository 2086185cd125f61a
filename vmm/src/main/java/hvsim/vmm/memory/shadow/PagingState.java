package hvsim.vmm.memory.shadow;

import hvsim.cpu.state.Registers;
import hvsim.ept.GuestPaging;
import hvsim.ept.PagingMode;

/** The registers that shape an access, as the guest believes them to be. */
public record PagingState(long cr0, long cr3, long cr4, long efer, long rflags, int pkru) {
    private static final long CR0_BITS = Registers.CR0_PG | Registers.CR0_WP;
    private static final long CR4_BITS = Registers.CR4_PAE | Registers.CR4_LA57;

    /** Whether tables made for one serve the other: the rights of their leaves mean the same. */
    boolean sharesTablesWith(PagingState other) {
        return ((cr0 ^ other.cr0) & CR0_BITS) == 0
                && ((cr4 ^ other.cr4) & CR4_BITS) == 0
                && ((efer ^ other.efer) & Registers.EFER_NXE) == 0;
    }

    /** Whether there are the same levels and pages in the guest's tables. */
    public boolean pagesAs(PagingState other) {
        return paging().mode() == other.paging().mode()
                && (paging().mode() != PagingMode.TWO_LEVEL
                        || paging().largePages() == other.paging().largePages());
    }

    private GuestPaging paging() {
        return GuestPaging.of(cr0, cr4, efer);
    }
}
