package hvsim.vmm.cpu;

import hvsim.cpu.GuestOp;
import hvsim.ept.TableLayout;

/**
 * Where a hypervisor is in its address space, and in those of guests that it deprivileges: at the top.
 *
 * <pre>
 *                    64-bit (low 57 bits)      32-bit: the 64 MiB of Xen without PAE
 *   text             0x01FF_C000_0000_0000     0xFC00_0000
 *   data             + 1 GiB                   0xFC20_0000
 *   crossing         + 2 GiB                   0xFC40_0000   two free pages
 *   translations     + 3 GiB                   0xFC80_0000   up to the end
 * </pre>
 *
 * @param text where it begins; what lies above is its own
 * @param sharedLevel of the tables whose entries for it are the same in all address spaces
 * @param sharedEntries how many they are
 */
public record HypervisorLayout(
        long text, long data, long crossing, long translations, int sharedLevel, int sharedEntries) {
    private static final long GIB = 1L << 30;
    private static final long LONG_TEXT = GuestOp.GVA_MASK & -1L << 46;

    private static final HypervisorLayout LEGACY =
            new HypervisorLayout(0xFC00_0000L, 0xFC20_0000L, 0xFC40_0000L, 0xFC80_0000L, 2, 32);

    /** By the kind of tables that it lives in. */
    static HypervisorLayout of(TableLayout tables) {
        return tables.isLong()
                ? new HypervisorLayout(
                        LONG_TEXT, LONG_TEXT + GIB, LONG_TEXT + 2 * GIB, LONG_TEXT + 3 * GIB, tables.levels(), 1)
                : LEGACY;
    }
}
