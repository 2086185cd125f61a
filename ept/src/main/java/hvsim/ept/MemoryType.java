package hvsim.ept;

/** Memory types, by their number in PAT entries and EPT entries (SDM vol. 3, 325384-059US, table 11-10). */
public enum MemoryType {
    UNCACHEABLE(0),
    WRITE_COMBINING(1),
    WRITE_THROUGH(4),
    WRITE_PROTECTED(5),
    WRITE_BACK(6),
    /** UC-, of PAT entries alone: gives way to write combining. */
    UNCACHED(7);

    private final int number;

    MemoryType(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /**
     * The type of memory that a guest accesses (28.2.6.2).
     *
     * @param cacheDisable CR0.CD
     * @param ept of the EPT entry that maps the page
     * @param ignorePat bit 6 of that entry
     * @param pat of the PAT entry that the guest's tables select; WB without paging
     */
    public static MemoryType effective(boolean cacheDisable, MemoryType ept, boolean ignorePat, MemoryType pat) {
        if (cacheDisable) {
            return UNCACHEABLE;
        }
        return ignorePat ? ept : ept.combinedWith(pat);
    }

    /** Table 11-7, the EPT's type in place of the MTRRs'. */
    private MemoryType combinedWith(MemoryType pat) {
        return switch (pat) {
            case UNCACHEABLE -> UNCACHEABLE;
            case WRITE_COMBINING -> WRITE_COMBINING;
            case UNCACHED -> this == WRITE_COMBINING || this == WRITE_PROTECTED ? WRITE_COMBINING : UNCACHEABLE;
            case WRITE_BACK -> this;
            case WRITE_THROUGH, WRITE_PROTECTED -> this == UNCACHEABLE || this == WRITE_COMBINING ? UNCACHEABLE : pat;
        };
    }
}
