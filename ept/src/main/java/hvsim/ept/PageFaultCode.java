package hvsim.ept;

/** Bits of a page fault's error code (SDM vol. 3, 4.7). */
public final class PageFaultCode {
    /** Every entry was present: protection, or a reserved bit. */
    public static final int PRESENT = 1;

    public static final int WRITE = 1 << 1;

    /** A user-mode access; says nothing of the page. */
    public static final int USER = 1 << 2;

    public static final int RESERVED = 1 << 3;

    /** A fetch, where fetches can be forbidden: CR4.SMEP, or PAE or IA-32e paging with EFER.NXE. */
    public static final int FETCH = 1 << 4;

    public static final int PROTECTION_KEY = 1 << 5;

    private PageFaultCode() {}
}
