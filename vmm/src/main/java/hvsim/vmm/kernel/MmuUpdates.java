package hvsim.vmm.kernel;

/**
 * The argument of HYPERVISOR_mmu_update: so many entries, some of which link new tables in.
 *
 * @param entries to be changed
 * @param tables that become tables by it
 * @param refused of the entries, those that stay as they are
 */
public record MmuUpdates(int entries, int tables, int refused) {
    private static final int TABLES_SHIFT = 16;
    private static final int REFUSED_SHIFT = 32;
    private static final int MASK = (1 << 16) - 1;

    public MmuUpdates {
        if (entries < 1 || tables < 0 || tables > entries || refused < 0 || refused > entries || entries > MASK) {
            throw new IllegalArgumentException(
                    entries + " updates, " + tables + " of new tables, " + refused + " refused");
        }
    }

    long packed() {
        return (long) refused << REFUSED_SHIFT | (long) tables << TABLES_SHIFT | entries;
    }

    public static MmuUpdates unpack(long packed) {
        return new MmuUpdates(
                (int) packed & MASK, (int) (packed >>> TABLES_SHIFT) & MASK, (int) (packed >>> REFUSED_SHIFT));
    }
}
