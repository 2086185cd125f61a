package hvsim.vmm.kernel;

/**
 * The argument of HYPERVISOR_mmu_update: so many entries, some of which link new tables in.
 *
 * @param entries to be changed
 * @param tables that become tables by it
 */
public record MmuUpdates(int entries, int tables) {
    private static final int TABLES_SHIFT = 32;

    public MmuUpdates {
        if (entries < 1 || tables < 0 || tables > entries) {
            throw new IllegalArgumentException(entries + " updates, " + tables + " of new tables");
        }
    }

    long packed() {
        return (long) tables << TABLES_SHIFT | entries;
    }

    public static MmuUpdates unpack(long packed) {
        return new MmuUpdates((int) packed, (int) (packed >>> TABLES_SHIFT));
    }
}
