package hvsim.vmm.iommu;

import org.jspecify.annotations.Nullable;

/**
 * Bits of root and context entries, of 16 bytes each.
 *
 * <pre>
 *   root      63               12 11      1 0        127                64
 *            +-------------------+---------+-+      +---------------------+
 *            | context table     | reserved|P|      | reserved            |
 *            +-------------------+---------+-+      +---------------------+
 *
 *   context   63               12 11  4 3 2  1  0    127  88 87   72 71 70  67 66 64
 *            +-------------------+-----+---+---+-+  +-------+-------+--+------+-----+
 *            | root of the tables| rsvd| T |FPD|P|  | rsvd  |domain |rs| ign. | AW  |   T 0: translate, 2: pass through
 *            +-------------------+-----+---+---+-+  +-------+-------+--+------+-----+   AW 1, 2, 3: 3, 4, 5 levels
 * </pre>
 *
 * Source: "Root Entry", "Context Entry".
 */
public final class ContextEntry {
    public static final int BYTES = 16;
    public static final long PRESENT = 1;
    public static final long PASS_THROUGH = 2 << 2;

    private static final long ADDRESS = -4096L;
    private static final long TYPE = 3 << 2;
    private static final long RESERVED_IN_ROOT = 0xFFE;
    private static final long RESERVED_LOW = 0xFF0;
    private static final long RESERVED_HIGH = -1L << 24 | 1 << 7;
    private static final int DOMAIN_SHIFT = 8;
    private static final int LEVELS_OF_0 = 2;

    private ContextEntry() {}

    /** Low half of a root entry. */
    public static long root(long contextTableHpa) {
        return contextTableHpa | PRESENT;
    }

    /** Low half of the entry of a device whose requests are translated. */
    public static long translated(long rootHpa) {
        return rootHpa | PRESENT;
    }

    /** High half. */
    public static long high(int domain, int levels) {
        return (long) domain << DOMAIN_SHIFT | levels - LEVELS_OF_0;
    }

    static long address(long low) {
        return low & ADDRESS;
    }

    static boolean isReservedInRoot(long low, long high) {
        return (low & RESERVED_IN_ROOT) != 0 || high != 0;
    }

    static boolean isPassThrough(long low) {
        return (low & TYPE) == PASS_THROUGH;
    }

    static int domain(long high) {
        return (int) (high >>> DOMAIN_SHIFT) & 0xFFFF;
    }

    static int levels(long high) {
        return (int) (high & 7) + LEVELS_OF_0;
    }

    /** What is wrong with a present entry, or null. */
    static @Nullable FaultReason fault(long low, long high, int domains) {
        if ((low & RESERVED_LOW) != 0 || (high & RESERVED_HIGH) != 0) {
            return FaultReason.RESERVED_IN_CONTEXT;
        }
        boolean type = (low & TYPE) == 0 || isPassThrough(low);
        boolean levels = levels(high) >= 3 && levels(high) <= 5;
        return type && levels && domain(high) < domains ? null : FaultReason.CONTEXT_INVALID;
    }
}
