package hvsim.tlb;

/**
 * Codec of a cached translation: one packed word.
 *
 * <pre>
 *  53 52 51                                12 11 10 9 8 7 6 5 4 3 2 1 0
 * +-----+------------------------------------+-----+-+-+-+-+-+-+-+-+-+-+
 * |size |  machine address of the page 51:12 | C   |G|d|D|x|w|r|X|W|S|U|
 * +-----+------------------------------------+-----+-+-+-+-+-+-+-+-+-+-+
 *  U user address  S supervisor address (exactly one of the two)
 *  W X             rights by the guest's tables: writable, executable (reading needs none)
 *  r w x           rights by the second stage; all set where there is none
 *  D d             dirty flag of the guest's leaf, of the second stage's leaf: set, or not needed
 *  G global        C cut: size of the guest's page where this is a piece of it, else 0
 * </pre>
 *
 * Rights are kept apart, not as a verdict, because CR0.WP, CR4.SMAP and EFLAGS.AC apply at each access
 * (SDM vol. 3, 4.6 and 4.10.2). An access states the bits it needs; one mask test answers.
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
    private static final long GVA_MASK = (1L << 57) - 1;
    private static final int CUT_SHIFT = Integer.numberOfTrailingZeros(CUT);

    private Translation() {}

    /** {@code hpa} is aligned to {@code size}; never {@link #NONE}, as U or S is set. */
    public static long pack(long hpa, PageSize size, int flags) {
        return (long) size.ordinal() << SIZE_SHIFT | hpa | flags;
    }

    /** The flags of a piece of a larger {@code guestPage}: which of the {@link #CUT} bits are set. */
    public static int cutFrom(PageSize guestPage) {
        return guestPage.ordinal() << CUT_SHIFT;
    }

    /** Whether it is a piece of a larger page of the guest, in which {@code gva} and {@code pieceGva} both lie. */
    static boolean isPieceAround(long translation, long pieceGva, long gva) {
        int guestPage = (int) (translation & CUT) >>> CUT_SHIFT;
        long differing = (pieceGva ^ gva) & GVA_MASK;
        return guestPage != 0 && differing >>> PageSize.byNumber(guestPage).shift() == 0;
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
