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
    private static final long WRITE_BACK = 6;
    private static final int LEVELS_SHIFT = 3;
    private static final long ACCESSED_DIRTY = 1 << 6;

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

    public static boolean keepsAccessedDirty(long eptp) {
        return (eptp & ACCESSED_DIRTY) != 0;
    }
}
