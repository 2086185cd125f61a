package hvsim.ept;

/**
 * The registers that decide how a linear address is translated and what an access may do, as raw as software writes
 * them; each bit by the manual's name (SDM vol. 3, 2.5 and 4.1.3).
 */
record Registers(long cr0, long cr4, long efer, long rflags, int pkru) {
    static final long PG = 1L << 31;
    static final long WP = 1 << 16;
    static final long PSE = 1 << 4;
    static final long PAE = 1 << 5;
    static final long PGE = 1 << 7;
    static final long LA57 = 1 << 12;
    static final long SMEP = 1 << 20;
    static final long SMAP = 1 << 21;
    static final long PKE = 1 << 22;
    static final long LME = 1 << 8;
    static final long NXE = 1 << 11;
    static final long AC = 1 << 18;

    /** A mode with what software mostly sets: WP, PSE, PGE and NXE. */
    static Registers of(PagingMode mode) {
        long cr0 = WP | (mode == PagingMode.OFF ? 0 : PG);
        long cr4 = PSE
                | PGE
                | switch (mode) {
                    case OFF, TWO_LEVEL -> 0;
                    case PAE, FOUR_LEVEL -> PAE;
                    case FIVE_LEVEL -> PAE | LA57;
                };
        return new Registers(cr0, cr4, NXE | (mode.isLong() ? LME : 0), 0, 0);
    }

    /** The same with each bit of {@code bits} set or clear, as {@code values} has it. */
    Registers cr4(long bits, long values) {
        return new Registers(cr0, cr4 & ~bits | values & bits, efer, rflags, pkru);
    }

    boolean cr0Has(long bit) {
        return (cr0 & bit) != 0;
    }

    boolean cr4Has(long bit) {
        return (cr4 & bit) != 0;
    }

    boolean noExecute() {
        return (efer & NXE) != 0;
    }

    /** SDM vol. 3, 4.1.1, table 4-1. */
    PagingMode mode() {
        if (!cr0Has(PG)) {
            return PagingMode.OFF;
        }
        if (!cr4Has(PAE)) {
            return PagingMode.TWO_LEVEL;
        }
        if ((efer & LME) == 0) {
            return PagingMode.PAE;
        }
        return cr4Has(LA57) ? PagingMode.FIVE_LEVEL : PagingMode.FOUR_LEVEL;
    }

    GuestPaging paging() {
        return GuestPaging.of(cr0, cr4, efer);
    }
}
