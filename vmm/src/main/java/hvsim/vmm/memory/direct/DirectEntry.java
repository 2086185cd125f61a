package hvsim.vmm.memory.direct;

import hvsim.ept.GuestEntry;
import hvsim.tlb.PageSize;

/**
 * Entries of registered tables: what the guest asks for, as the hypervisor writes it. Where the guest's kernel runs at
 * CPL 3, all pages are user pages; its own carry a mark in a bit that the hardware ignores, and the user's are global, so
 * that they outlast the change between the two roots of an address space. As Xen's {@code adjust_guest_l1e}.
 */
final class DirectEntry {
    /** Xen's _PAGE_GUEST_KERNEL. */
    private static final long OF_KERNEL = 1L << 52;

    private DirectEntry() {}

    static long frame(long entry) {
        return (entry & GuestEntry.ADDRESS) >>> PageSize.SIZE_4K.shift();
    }

    static boolean isWritable(long entry) {
        return (entry & GuestEntry.WRITE) != 0;
    }

    /** @param level of the table that it is in */
    static long atUserLevel(long entry, int level) {
        if (!GuestEntry.isPresent(entry)) {
            return entry;
        }
        if (level > 1) {
            return entry | GuestEntry.USER;
        }
        boolean isUsers = (entry & (GuestEntry.USER | OF_KERNEL)) == GuestEntry.USER;
        return isUsers ? entry | GuestEntry.GLOBAL : entry & ~GuestEntry.GLOBAL | GuestEntry.USER | OF_KERNEL;
    }

    static long askedAtUserLevel(long entry) {
        return (entry & OF_KERNEL) == 0 ? entry & ~GuestEntry.GLOBAL : entry & ~(GuestEntry.USER | OF_KERNEL);
    }

    static long withFrame(long entry, long frame) {
        return entry & ~GuestEntry.ADDRESS | frame << PageSize.SIZE_4K.shift();
    }
}
