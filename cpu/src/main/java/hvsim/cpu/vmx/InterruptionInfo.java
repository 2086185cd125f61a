package hvsim.cpu.vmx;

/**
 * Codec of interruption information: the event that an entry injects (4016H), that caused an exit (4404H), or whose
 * delivery an exit interrupted (4408H).
 *
 * <pre>
 *   31   30      13   12     11    10  8 7      0
 *  +-----+---------+-------+-----+------+--------+
 *  |valid|    0    |unblock|error| type | vector |
 *  +-----+---------+-------+-----+------+--------+
 *  error    an error code is pushed, or is in the field next to it
 *  unblock  in 4404H: the exit interrupted an IRET that had unblocked NMIs
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), tables 24-13 to 24-15.
 */
public final class InterruptionInfo {
    public static final long VALID = 1L << 31;
    public static final long NMI_UNBLOCKING = 1 << 12;
    public static final long HAS_ERROR_CODE = 1 << 11;

    /** No event. */
    public static final long NONE = 0;

    private static final int TYPE_SHIFT = 8;

    private InterruptionInfo() {}

    public static long pack(InterruptionType type, int vector, boolean hasErrorCode) {
        return VALID | (hasErrorCode ? HAS_ERROR_CODE : 0) | (long) type.number() << TYPE_SHIFT | vector;
    }

    public static boolean isValid(long info) {
        return (info & VALID) != 0;
    }

    public static boolean hasErrorCode(long info) {
        return (info & HAS_ERROR_CODE) != 0;
    }

    public static int vector(long info) {
        return (int) info & 0xFF;
    }

    /** Bits 10:8 as they are. */
    public static int typeNumber(long info) {
        return (int) info >>> TYPE_SHIFT & 7;
    }

    /**
     * The type of the event.
     *
     * @throws IllegalArgumentException if it is reserved
     */
    public static InterruptionType type(long info) {
        return InterruptionType.byNumber(typeNumber(info));
    }
}
