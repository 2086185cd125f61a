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

    private final int levels;
    private final int addressBits;

    PagingMode(int levels, int addressBits) {
        this.levels = levels;
        this.addressBits = addressBits;
    }

    /** Levels of tables in memory. */
    public int levels() {
        return levels;
    }

    /** Width of a linear address. */
    public int addressBits() {
        return addressBits;
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
