package hvsim.ept;

/**
 * Codec of an EPT pointer (SDM vol. 3, table 24-8).
 *
 * <pre>
 *  63    N N-1                  12 11   8  7   6 5      3 2    0
 * +-------+-----------------------+------+----+-+--------+------+
 * |rsvd 0 | root table            |rsvd 0|SSS |A|levels-1| type |    N: width of physical addresses
 * +-------+-----------------------+------+----+-+--------+------+
 *                                               type of the tables' memory: 0 uncacheable, 6 write-back
 * </pre>
 */
public final class EptPointer {
    private static final long UNCACHEABLE = 0;
    private static final long WRITE_BACK = 6;
    private static final long TYPE = 7;
    private static final int LEVELS_SHIFT = 3;
    private static final long ACCESSED_DIRTY = 1 << 6;
    private static final long SUPERVISOR_SHADOW_STACK = 1 << 7;

    /** Bits 11:8; those above the width of physical addresses besides. */
    private static final long RESERVED = 0xF00;

    private static final long ABOVE_ADDRESS = ~GuestEntry.ADDRESS & -4096L;

    /** Bits 51:12, which tag what is cached: EP4TA. */
    private static final long EP4TA = GuestEntry.ADDRESS;

    private EptPointer() {}

    public static long pack(long rootHpa, int levels, boolean accessedDirty) {
        return rootHpa | (long) (levels - 1) << LEVELS_SHIFT | WRITE_BACK | (accessedDirty ? ACCESSED_DIRTY : 0);
    }

    public static long ep4ta(long eptp) {
        return eptp & EP4TA;
    }

    public static int levels(long eptp) {
        return (int) (eptp >>> LEVELS_SHIFT & 7) + 1;
    }

    /** Whether VM entry and INVEPT take it, and EPTP switching (SDM vol. 3, 26.2.1.1). */
    public static boolean isValid(long eptp, PagingCapability capability) {
        return (eptp & (RESERVED | ABOVE_ADDRESS | capability.aboveWidth())) == 0
                && isValidType(eptp & TYPE, capability)
                && isValidLength(levels(eptp), capability)
                && (!keepsAccessedDirty(eptp) || capability.has(EptVpidCapability.ACCESSED_DIRTY))
                && ((eptp & SUPERVISOR_SHADOW_STACK) == 0 || capability.has(EptVpidCapability.SUPERVISOR_SHADOW_STACK));
    }

    private static boolean isValidType(long type, PagingCapability capability) {
        return type == UNCACHEABLE && capability.has(EptVpidCapability.UNCACHEABLE_TABLES)
                || type == WRITE_BACK && capability.has(EptVpidCapability.WRITE_BACK_TABLES);
    }

    private static boolean isValidLength(int levels, PagingCapability capability) {
        return levels == 4 && capability.has(EptVpidCapability.WALK_LENGTH_4)
                || levels == 5 && capability.has(EptVpidCapability.WALK_LENGTH_5);
    }

    public static boolean keepsAccessedDirty(long eptp) {
        return (eptp & ACCESSED_DIRTY) != 0;
    }
}
