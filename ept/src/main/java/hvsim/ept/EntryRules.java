package hvsim.ept;

import hvsim.tlb.Translation;

/**
 * What the guest's entries mean in one paging mode of one processor, as masks by level of the table; decided when a
 * walker enters the mode, so that a walk only looks up.
 *
 * <pre>
 *                       bit that makes    must be 0 if present
 *   mode       level    it map a page     always       in a page          in a table
 *   IA-32e     5, 4     -                 51:M, XD*                       7
 *              3        7 (CPUID)         51:M, XD*    29:13              7 without 1 GiB pages
 *              2        7                 51:M, XD*    20:13
 *              1        always            51:M, XD*
 *   PAE        register -                                                 63:M, 8:5, 2:1
 *              2        7                 62:M, XD*    20:13
 *              1        always            62:M, XD*
 *   32-bit     2        7 if CR4.PSE                   21:(m - 19)
 *              1        always
 *
 *   M  width of physical addresses;  m  the lesser of M and 40 (PSE-36);  XD*  bit 63, if EFER.NXE = 0
 * </pre>
 *
 * Source: SDM vol. 3 (325384-059US), 4.3 to 4.5, tables 4-4 to 4-20.
 */
final class EntryRules {
    private static final long NO_EXECUTE = 1L << 63;
    private static final long BITS_20_13 = bits(20, 13);
    private static final long BITS_29_13 = bits(29, 13);

    /** PSE-36: bits 20:13 of an entry for 4 MiB are bits 39:32 of the page's address. */
    private static final int PSE_36_WIDTH = 40;

    private static final int PSE_36_SHIFT = 32 - 13;
    private static final long BITS_31_22 = bits(31, 22);

    private static final int KEY_SHIFT = 59;

    /** From the dirty and global flags of an entry to those of {@link Translation}. */
    private static final int FLAG_SHIFT = 1;

    /** Of what makes an entry anything but a present one that points to a table, and of PRESENT; 0 on the last level. */
    private final long[] notTable = new long[PageTable.MAX_LEVELS + 1];

    private final long[] page = new long[PageTable.MAX_LEVELS + 1];
    private final long[] reservedInPage = new long[PageTable.MAX_LEVELS + 1];
    private final long[] reservedInTable = new long[PageTable.MAX_LEVELS + 1];
    private final long reservedInPdpte;
    private final int[] cut = new int[PageTable.MAX_LEVELS + 1];
    private final long dirtyAndGlobal;
    private final boolean keys;

    private EntryRules(GuestPaging paging, PagingCapability capability) {
        int width = capability.physicalAddressBits();
        long noExecute = paging.noExecute() ? 0 : NO_EXECUTE;
        page[1] = GuestEntry.PRESENT;
        keys = paging.mode().isLong();
        dirtyAndGlobal = GuestEntry.DIRTY | (paging.globalPages() ? GuestEntry.GLOBAL : 0);
        reservedInPdpte = bits(63, width) | bits(8, 5) | bits(2, 1);
        switch (paging.mode()) {
            case OFF -> {}
            case TWO_LEVEL -> {
                page[2] = paging.largePages() ? GuestEntry.PAGE : 0;
                reservedInPage[2] = bits(21, Math.min(width, PSE_36_WIDTH) - 19);
                cut[2] = Translation.cutFrom4M();
            }
            case PAE -> levels1And2(bits(62, width) | noExecute);
            case FOUR_LEVEL, FIVE_LEVEL -> {
                levels1And2(bits(51, width) | noExecute);
                levels3To5(bits(51, width) | noExecute, capability.guestPages1G());
            }
        }
        for (int level = 2; level <= PageTable.MAX_LEVELS; level++) {
            notTable[level] = GuestEntry.PRESENT | page[level] | reservedInTable[level];
        }
    }

    private void levels1And2(long always) {
        reservedInPage[1] = always;
        page[2] = GuestEntry.PAGE;
        reservedInPage[2] = always | BITS_20_13;
        reservedInTable[2] = always;
    }

    private void levels3To5(long always, boolean pages1G) {
        page[3] = pages1G ? GuestEntry.PAGE : 0;
        reservedInPage[3] = always | BITS_29_13;
        reservedInTable[3] = always | (pages1G ? 0 : GuestEntry.PAGE);
        reservedInTable[4] = always | GuestEntry.PAGE;
        reservedInTable[5] = always | GuestEntry.PAGE;
    }

    /** Whether an entry is present, is nothing but a pointer to a table, and has all bits 0 that must be. */
    boolean isTable(long entry, int level) {
        return (entry & notTable[level]) == GuestEntry.PRESENT;
    }

    /** Of every way of paging, by {@link GuestPaging#number}. */
    static EntryRules[] all(PagingCapability capability) {
        EntryRules[] rules = new EntryRules[GuestPaging.COUNT];
        for (int number = 0; number < rules.length; number++) {
            rules[number] = new EntryRules(GuestPaging.byNumber(number), capability);
        }
        return rules;
    }

    /** Whether a present entry maps a page rather than pointing to a table. */
    boolean isPage(long entry, int level) {
        return (entry & page[level]) != 0;
    }

    /** Whether an entry that points to no table maps a page. */
    boolean isUsablePage(long entry, int level) {
        return GuestEntry.isPresent(entry) && !isReserved(entry, level, isPage(entry, level));
    }

    /** Whether a present entry has a bit set that must be 0. */
    boolean isReserved(long entry, int level, boolean isPage) {
        return (entry & (isPage ? reservedInPage[level] : reservedInTable[level])) != 0;
    }

    /** Whether a present entry of the page-directory-pointer table has a bit set that must be 0 (PAE paging). */
    boolean isReservedPdpte(long entry) {
        return (entry & reservedInPdpte) != 0;
    }

    /** {@link Translation} flags that a leaf decides by itself: dirty, global, and whether a larger page has to be cut. */
    int flags(long leaf, int level) {
        return (int) (leaf & dirtyAndGlobal) << FLAG_SHIFT | cut[level];
    }

    /** Address of the page of 4 KiB, 2 MiB or 1 GiB that a leaf of that level maps {@code gva} to. */
    long pageAddress(long gva, long leaf, int level) {
        return cut[level] == 0 ? leaf & GuestEntry.ADDRESS & -1L << PageTable.shift(level) : halfOf4M(gva, leaf);
    }

    private static long halfOf4M(long gva, long leaf) {
        return leaf & BITS_31_22 | (leaf & BITS_20_13) << PSE_36_SHIFT | gva & 1 << 21;
    }

    /** The translation with the leaf's protection key, where paging has keys. */
    long withKey(long translation, long leaf) {
        return keys ? Translation.withKey(translation, (int) (leaf >>> KEY_SHIFT) & 15) : translation;
    }

    /** Bits high to low; none if high is below low. */
    private static long bits(int high, int low) {
        return high < low ? 0 : -1L >>> 63 - high & -1L << low;
    }
}
