package hvsim.ept;

import hvsim.tlb.PageSize;
import hvsim.tlb.TlbTag;
import java.util.ArrayList;
import java.util.List;

/**
 * Something a processor can remember: a translation, or ({@code structureLevel} not 0) an entry of a
 * paging-structure cache that leads to a table of that level. Vocabulary of the table of operations.
 *
 * @param pcid of no meaning for a global one
 * @param guestPage size of the page in the guest's tables; {@code size} is smaller where it was cut
 */
record Cached(
        Kind kind,
        int structureLevel,
        int vpid,
        int pcid,
        boolean global,
        long ep4ta,
        long address,
        PageSize size,
        PageSize guestPage) {
    enum Kind {
        LINEAR,
        GUEST_PHYSICAL,
        COMBINED
    }

    static final long[] ROOTS = {0x1000, 0x2000};
    static final long A = 0x7F12_3456_7000L;
    static final long LARGE = 0x1234_5660_0000L;
    static final long HUGE = 0x2345_4000_0000L;
    static final long CUT = 0x3456_7780_0000L;
    static final long CUT_HUGE = 0x4567_8000_0000L;
    static final long G = 0x12_3456_7000L;

    private static final long HIGH_HALF = -1L << 47 & (1L << 57) - 1;
    private static final long[] SMALL_PAGES = {
        A, A + 0x1000, A + (2 << 20), A + (1 << 30), A + (1L << 39), A | HIGH_HALF, 0, HIGH_HALF
    };
    private static final long[] FRAMES = {G, G + 0x1000, G + (2 << 20), G + (1 << 30), G + (1L << 39), 0};

    boolean isStructure() {
        return structureLevel != 0;
    }

    boolean isPageOf(long a) {
        return address >>> guestPage.shift() == a >>> guestPage.shift();
    }

    /** Whether a translation would be used to translate {@code a}, a structure entry to find its table. */
    boolean isUsedFor(long a) {
        int shift = isStructure() ? 12 + 9 * structureLevel : size.shift();
        return address >>> shift == a >>> shift;
    }

    /** Of every kind: linear and combined of several spaces, guest-physical of several roots. */
    static List<Cached> population() {
        List<Cached> all = new ArrayList<>();
        for (int vpid : new int[] {0, 1, 2, 65535}) {
            for (int pcid : new int[] {0, 1, 4095, TlbTag.GLOBAL}) {
                addSpace(all, Kind.LINEAR, vpid, pcid, TlbTag.NO_EP4TA);
                addSpace(all, Kind.COMBINED, vpid, pcid, ROOTS[0]);
                addSpace(all, Kind.COMBINED, vpid, pcid, ROOTS[1]);
            }
        }
        for (long root : ROOTS) {
            for (int level = 0; level <= 3; level++) {
                for (long gpa : FRAMES) {
                    add(
                            all,
                            new Cached(
                                    Kind.GUEST_PHYSICAL,
                                    level,
                                    0,
                                    0,
                                    false,
                                    root,
                                    gpa,
                                    PageSize.SIZE_4K,
                                    PageSize.SIZE_4K));
                }
            }
        }
        return all;
    }

    private static void addSpace(List<Cached> all, Kind kind, int vpid, int pcid, long ep4ta) {
        boolean global = pcid == TlbTag.GLOBAL;
        for (int level = 0; level <= (global ? 0 : 3); level++) {
            Cached c = new Cached(kind, level, vpid, pcid, global, ep4ta, 0, PageSize.SIZE_4K, PageSize.SIZE_4K);
            for (long gva : SMALL_PAGES) {
                add(all, c.at(gva, PageSize.SIZE_4K, PageSize.SIZE_4K));
            }
            add(all, c.at(LARGE, PageSize.SIZE_2M, PageSize.SIZE_2M));
            add(all, c.at(HUGE, PageSize.SIZE_1G, PageSize.SIZE_1G));
            if (kind == Kind.COMBINED) {
                add(all, c.at(CUT, PageSize.SIZE_4K, PageSize.SIZE_2M));
                add(all, c.at(CUT + 0x5000, PageSize.SIZE_4K, PageSize.SIZE_2M));
                add(all, c.at(CUT_HUGE, PageSize.SIZE_2M, PageSize.SIZE_1G));
                add(all, c.at(CUT_HUGE + (600 << 20), PageSize.SIZE_4K, PageSize.SIZE_1G));
            }
        }
    }

    private Cached at(long gva, PageSize newSize, PageSize newGuestPage) {
        return new Cached(kind, structureLevel, vpid, pcid, global, ep4ta, gva, newSize, newGuestPage);
    }

    /** Several addresses may share one structure entry. */
    private static void add(List<Cached> all, Cached c) {
        boolean known = c.isStructure() && all.stream().anyMatch(o -> o.isSameEntry(c));
        if (!known) {
            all.add(c);
        }
    }

    private boolean isSameEntry(Cached o) {
        boolean sameSpace = kind == o.kind && vpid == o.vpid && pcid == o.pcid && ep4ta == o.ep4ta;
        return sameSpace && structureLevel == o.structureLevel && isUsedFor(o.address);
    }
}
