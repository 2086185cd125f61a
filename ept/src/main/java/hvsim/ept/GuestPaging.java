package hvsim.ept;

/**
 * What shapes a walk of the guest's (or native) tables.
 *
 * @param noExecute EFER.NXE: bit 63 forbids execution; else it is reserved
 * @param largePages CR4.PSE: 32-bit paging has 4 MiB pages; the other modes have large pages always
 * @param globalPages CR4.PGE
 */
public record GuestPaging(PagingMode mode, boolean noExecute, boolean largePages, boolean globalPages) {
    private static final long CR0_PG = 1L << 31;
    private static final long CR4_PSE = 1 << 4;
    private static final long CR4_PAE = 1 << 5;
    private static final long CR4_PGE = 1 << 7;
    private static final long CR4_LA57 = 1 << 12;
    private static final long EFER_LME = 1 << 8;
    private static final long EFER_NXE = 1 << 11;

    static final int COUNT = PagingMode.values().length << 3;

    /** Every combination, so that none is made while guests run. */
    private static final GuestPaging[] ALL = new GuestPaging[COUNT];

    static {
        for (PagingMode mode : PagingMode.values()) {
            for (int bits = 0; bits < 8; bits++) {
                ALL[mode.ordinal() << 3 | bits] =
                        new GuestPaging(mode, (bits & 4) != 0, (bits & 2) != 0, (bits & 1) != 0);
            }
        }
    }

    static GuestPaging byNumber(int number) {
        return ALL[number];
    }

    /** From 0, below {@link #COUNT}; equal ones have the same. */
    int number() {
        return mode.ordinal() << 3 | (noExecute ? 4 : 0) | (largePages ? 2 : 0) | (globalPages ? 1 : 0);
    }

    /** Whether there is a bit in entries that forbids execution. */
    boolean canForbidExecution() {
        return noExecute && (mode == PagingMode.PAE || mode.isLong());
    }

    /** By the control registers (SDM vol. 3, 4.1.1). */
    public static GuestPaging of(long cr0, long cr4, long efer) {
        int bits = ((efer & EFER_NXE) != 0 ? 4 : 0) | ((cr4 & CR4_PSE) != 0 ? 2 : 0) | ((cr4 & CR4_PGE) != 0 ? 1 : 0);
        return ALL[modeOf(cr0, cr4, efer).ordinal() << 3 | bits];
    }

    private static PagingMode modeOf(long cr0, long cr4, long efer) {
        if ((cr0 & CR0_PG) == 0) {
            return PagingMode.OFF;
        }
        if ((cr4 & CR4_PAE) == 0) {
            return PagingMode.TWO_LEVEL;
        }
        if ((efer & EFER_LME) == 0) {
            return PagingMode.PAE;
        }
        return (cr4 & CR4_LA57) == 0 ? PagingMode.FOUR_LEVEL : PagingMode.FIVE_LEVEL;
    }
}
