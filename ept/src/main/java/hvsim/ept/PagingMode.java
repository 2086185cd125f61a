package hvsim.ept;

/** How linear addresses are translated by the guest's (or native) tables (SDM vol. 3, 4.1.1). */
public enum PagingMode {
    /** CR0.PG = 0: a linear address is a physical one. */
    OFF(0, 32),
    /** 32-bit paging: two levels of 1024 entries of 4 bytes. */
    TWO_LEVEL(2, 32),
    /** Four registers in place of the top table, then two levels. */
    PAE(2, 32),
    FOUR_LEVEL(4, 48),
    FIVE_LEVEL(5, 57);

    /** Bits of a linear address that are given; those above are as bit 56. */
    private static final int GIVEN_BITS = 57;

    private final int levels;
    private final int addressBits;
    private final long addressMask;
    private final int signShift;

    PagingMode(int levels, int addressBits) {
        this.levels = levels;
        this.addressBits = addressBits;
        addressMask = isLong() ? -1L : (1L << addressBits) - 1;
        signShift = 64 - GIVEN_BITS + (isLong() ? addressBits : GIVEN_BITS) - 1;
    }

    /** Levels of tables in memory. */
    public int levels() {
        return levels;
    }

    /** Width of a linear address. */
    public int addressBits() {
        return addressBits;
    }

    /** The address that is meant by what is given: without IA-32e mode, the low 32 bits of it. */
    long linearAddress(long given) {
        return given & addressMask;
    }

    /** Whether all bits above the width are like its highest bit (SDM vol. 1, 3.3.7.1); always, without IA-32e mode. */
    boolean isCanonical(long linearAddress) {
        long top = linearAddress << 64 - GIVEN_BITS >> signShift;
        return top == 0 || top == -1;
    }

    /** Bits of CR3 that say where the root table is; with PAE paging, the page-directory-pointer table. */
    long rootMask() {
        return isLong() ? GuestEntry.ADDRESS : this == PAE ? 0xFFFF_FFE0L : 0xFFFF_F000L;
    }

    /** Whether linear addresses have 64 bits and must be canonical (IA-32e mode). */
    public boolean isLong() {
        return levels >= 4;
    }
}
