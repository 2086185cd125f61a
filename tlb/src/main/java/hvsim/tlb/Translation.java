package hvsim.tlb;

/**
 * Codec of a cached translation: one packed word.
 *
 * <pre>
 *  57 54 53 52 51                                12 11 10 9 8 7 6 5 4 3 2 1 0
 * +-----+-----+------------------------------------+-----+-+-+-+-+-+-+-+-+-+-+
 * | key |size |  machine address of the page 51:12 | C   |G|d|D|x|w|r|X|W|S|U|
 * +-----+-----+------------------------------------+-----+-+-+-+-+-+-+-+-+-+-+
 *  U user address  S supervisor address (exactly one of the two)
 *  W X             rights by the guest's tables: writable, executable (reading needs none)
 *  r w x           rights by the second stage; all set where there is none
 *  D d             dirty flag of the guest's leaf, of the second stage's leaf: set, or not needed
 *  G global        C cut: of which guest's page this is a piece: 1 2 MiB, 2 1 GiB, 3 4 MiB; 0 of none
 *  key             the guest's protection key; 0 where there are none
 * </pre>
 *
 * Rights are kept apart, not as a verdict, because CR0.WP, CR4.SMAP, EFLAGS.AC and PKRU apply at each access
 * (SDM vol. 3, 4.6 and 4.10.2). A page of 4 MiB (32-bit paging) is kept as pieces of 2 MiB or less. An access states the bits it needs; one mask test answers.
 */
public final class Translation {
    public static final int USER = 1;
    public static final int SUPERVISOR = 1 << 1;
    public static final int GUEST_WRITE = 1 << 2;
    public static final int GUEST_EXECUTE = 1 << 3;
    public static final int HOST_READ = 1 << 4;
    public static final int HOST_WRITE = 1 << 5;
    public static final int HOST_EXECUTE = 1 << 6;
    public static final int DIRTY = 1 << 7;
    public static final int HOST_DIRTY = 1 << 8;
    public static final int GLOBAL = 1 << 9;
    public static final int CUT = 3 << 10;

    /** What a translation has of the second stage where there is none. */
    public static final int NO_SECOND_STAGE = HOST_READ | HOST_WRITE | HOST_EXECUTE | HOST_DIRTY;

    /** No translation. */
    public static final long NONE = 0;

    private static final int FLAGS_MASK = 0xFFF;
    private static final long HPA_MASK = 0x000F_FFFF_FFFF_F000L;
    private static final int SIZE_SHIFT = 52;
    private static final int KEY_SHIFT = 54;
    private static final long KEY_MASK = 0xFL << KEY_SHIFT;
    private static final long GVA_MASK = (1L << 57) - 1;
    private static final int CUT_SHIFT = Integer.numberOfTrailingZeros(CUT);
    private static final int CUT_FROM_4M = 3;

    /** Address bits inside the guest's page that was cut, by C. */
    private static final int[] CUT_PAGE_SHIFT = {0, PageSize.SIZE_2M.shift(), PageSize.SIZE_1G.shift(), 22};

    private Translation() {}

    /** {@code hpa} is aligned to {@code size}; never {@link #NONE}, as U or S is set. */
    public static long pack(long hpa, PageSize size, int flags) {
        return (long) size.ordinal() << SIZE_SHIFT | hpa | flags;
    }

    /** The flags of a piece of a larger {@code guestPage}: which of the {@link #CUT} bits are set. */
    public static int cutFrom(PageSize guestPage) {
        return guestPage.ordinal() << CUT_SHIFT;
    }

    /** As {@link #cutFrom}, for a piece of a page of 4 MiB of 32-bit paging (SDM vol. 3, 4.3). */
    public static int cutFrom4M() {
        return CUT_FROM_4M << CUT_SHIFT;
    }

    /**
     * Whether the second stage maps it by smaller pages than the guest. Not the halves of a page of 4 MiB: these are
     * two because no entry holds that size, whatever the second stage has.
     */
    static boolean isFractured(long translation) {
        int cut = cut(translation);
        return cut != 0 && !(cut == CUT_FROM_4M && sizeNumber(translation) == PageSize.SIZE_2M.ordinal());
    }

    /** The same translation of a page whose guest entry has that protection key, 0 to 15. */
    public static long withKey(long translation, int key) {
        return translation & ~KEY_MASK | (long) key << KEY_SHIFT & KEY_MASK;
    }

    /** The protection key, which PKRU (or IA32_PKRS) is asked about at each access (SDM vol. 3, 4.6.2). */
    public static int key(long translation) {
        return (int) (translation >>> KEY_SHIFT) & 15;
    }

    private static int cut(long translation) {
        return (int) (translation & CUT) >>> CUT_SHIFT;
    }

    /** Whether it is a piece of a larger page of the guest, in which {@code gva} and {@code pieceGva} both lie. */
    static boolean isPieceAround(long translation, long pieceGva, long gva) {
        int cut = cut(translation);
        long differing = (pieceGva ^ gva) & GVA_MASK;
        return cut != 0 && differing >>> CUT_PAGE_SHIFT[cut] == 0;
    }

    public static int flags(long translation) {
        return (int) translation & FLAGS_MASK;
    }

    /** Machine address of the first byte of the page. */
    public static long pageHpa(long translation) {
        return translation & HPA_MASK;
    }

    public static PageSize size(long translation) {
        return PageSize.byNumber(sizeNumber(translation));
    }

    static int sizeNumber(long translation) {
        return (int) (translation >>> SIZE_SHIFT) & 3;
    }

    /** Machine address that {@code gva} translates to. */
    public static long hpa(long translation, long gva) {
        return pageHpa(translation) | gva & size(translation).bytes() - 1;
    }
}
