package hvsim.vmm.memory.shadow;

import hvsim.ept.GuestEntry;

/**
 * What an entry of the guest's tables gives to those below it, as bits of entries: writing and user access if all
 * entries on the way allow them, no execution if one forbids it.
 */
final class Rights {
    private static final long ALLOWED = GuestEntry.WRITE | GuestEntry.USER;
    private static final long NO_EXECUTE = 1L << 63;
    private static final long KEY = 0xFL << 59;

    /** Above the root table. */
    static final long ALL = ALLOWED;

    private Rights() {}

    static long below(long rights, long entry) {
        return rights & entry & ALLOWED | (rights | entry) & NO_EXECUTE;
    }

    /** Of a page: only the leaf's flags count beside rights. A page is writable only when the guest's leaf is dirty. */
    static long ofPage(long rights, long leaf, View view) {
        long clean = (leaf & GuestEntry.DIRTY) == 0 ? GuestEntry.WRITE : 0;
        long seen = view == View.KERNEL_AT_USER_LEVEL ? GuestEntry.USER : 0;
        return below(rights, leaf) & ~clean | seen | leaf & (GuestEntry.GLOBAL | KEY);
    }

    static boolean canWrite(long rights) {
        return (rights & GuestEntry.WRITE) != 0;
    }
}
