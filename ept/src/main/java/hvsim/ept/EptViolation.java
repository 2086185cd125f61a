package hvsim.ept;

import hvsim.tlb.Translation;

/**
 * Exit qualification of an EPT violation.
 *
 * <pre>
 *  bit 0 1 2   the access: a read, a write, a fetch
 *      3 4 5   R, W, X of all entries used; 0 where one was not present
 *      6       XU of all entries used, with mode-based execute control; else 0
 *      7       there is a linear address
 *      8       the access was to what it translates to; else to an entry of the guest's tables
 *      9 10 11 with bits 7 and 8, and the capability: it is a user-mode address, the guest's tables let it be
 *              written, and forbid its execution
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), table 27-7; bits 6 and 9 to 11 as in later editions.
 */
public final class EptViolation {
    public static final long READ = 1;
    public static final long WRITE = 1 << 1;
    public static final long FETCH = 1 << 2;
    public static final long LINEAR_VALID = 1 << 7;
    public static final long TRANSLATION = 1 << 8;
    public static final long USER = 1 << 9;
    public static final long GUEST_WRITABLE = 1 << 10;
    public static final long GUEST_EXECUTE_DISABLE = 1 << 11;
    public static final long ADVANCED = USER | GUEST_WRITABLE | GUEST_EXECUTE_DISABLE;

    // From the flags of a Translation.
    private static final int USER_SHIFT = 9;
    private static final int WRITABLE_SHIFT = 8;

    private static final int RIGHTS_SHIFT = 3;
    private static final int USER_EXECUTE_SHIFT = 4;

    private EptViolation() {}

    /** What it says of an access to what a linear address translates to; {@code flags} as the guest's tables give them. */
    static long ofTranslation(int flags) {
        int writableOrNoExecute =
                (flags ^ Translation.GUEST_EXECUTE) & (Translation.GUEST_WRITE | Translation.GUEST_EXECUTE);
        return LINEAR_VALID
                | TRANSLATION
                | (long) (flags & Translation.USER) << USER_SHIFT
                | (long) writableOrNoExecute << WRITABLE_SHIFT;
    }

    /** {@code need} and {@code rights} as bits of an {@link EptEntry}; {@code origin}: the bits from 7 up. */
    static long qualification(int need, long rights, long origin) {
        boolean fetch = (need & (EptEntry.EXECUTE | EptEntry.USER_EXECUTE)) != 0;
        return origin
                | need & (EptEntry.READ | EptEntry.WRITE)
                | (fetch ? FETCH : 0)
                | (rights & EptEntry.RIGHTS) << RIGHTS_SHIFT
                | (rights & EptEntry.USER_EXECUTE) >>> USER_EXECUTE_SHIFT;
    }
}
