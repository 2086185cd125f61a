package hvsim.vmm;

import hvsim.ept.PhysicalMemory;

/** What tables in memory give, read entry by entry: four levels each, both stages, pieces of 4 KiB. */
final class NaiveTables {
    static final long NONE = -1;

    private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;
    private static final long LARGE = 1 << 7;
    private static final long PRESENT = 1;
    private static final long EPT_RIGHTS = 7;
    private static final long WRITE_AND_USER = 6;
    private static final int DIRTY = 1 << 6;

    private final PhysicalMemory memory;

    /** Root of the second stage, or {@link #NONE}. */
    private final long ept;

    NaiveTables(PhysicalMemory memory, long ept) {
        this.memory = memory;
        this.ept = ept;
    }

    /**
     * Where a page is, and what the guest's tables allow.
     *
     * @param hpa {@link #NONE} if it is nowhere
     */
    record Given(long hpa, boolean writable, boolean user, boolean dirty) {}

    Given at(long root, long gva) {
        long table = root;
        long allowed = WRITE_AND_USER;
        for (int shift = 39; ; shift -= 9) {
            long at = machine(table + (gva >>> shift & 511) * 8);
            long entry = at == NONE ? 0 : memory.read(at);
            allowed &= entry;
            if ((entry & PRESENT) == 0) {
                return new Given(NONE, false, false, false);
            }
            if (shift == 12 || (entry & LARGE) != 0 && shift < 39) {
                long inPage = (1L << shift) - 1;
                long gpa = entry & ADDRESS & ~inPage | gva & inPage;
                return new Given(machine(gpa), (allowed & 2) != 0, (allowed & 4) != 0, (entry & DIRTY) != 0);
            }
            table = entry & ADDRESS;
        }
    }

    private long machine(long gpa) {
        long table = ept;
        for (int shift = 39; ept != NONE; shift -= 9) {
            long entry = memory.read(table + (gpa >>> shift & 511) * 8);
            if ((entry & EPT_RIGHTS) == 0) {
                return NONE;
            }
            if (shift == 12 || (entry & LARGE) != 0) {
                long inPage = (1L << shift) - 1;
                return entry & ADDRESS & ~inPage | gpa & inPage;
            }
            table = entry & ADDRESS;
        }
        return gpa;
    }
}
