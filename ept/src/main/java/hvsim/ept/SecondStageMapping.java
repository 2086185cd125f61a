package hvsim.ept;

import hvsim.tlb.PageSize;
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;

/**
 * Codec of what the second stage makes of one 4 KiB guest frame.
 *
 * <pre>
 *  53 52 51                             12 11 10 9     2 1 0
 * +-----+---------------------------------+--+--+-+---+-+-+-+
 * |size |  machine address of the frame   |  |XU|D|   |X|W|R|   size: of the page that maps the frame
 * +-----+---------------------------------+--+--+-+---+-+-+-+
 *   R W X XU  of all entries together;  D the leaf's dirty flag is set, or not needed: all as in {@link EptEntry}
 * </pre>
 */
final class SecondStageMapping {
    /** No mapping: the walk was stopped. */
    static final long NONE = 0;

    private static final int SIZE_SHIFT = 52;
    private static final int RIGHTS_SHIFT = 4;
    private static final int DIRTY_SHIFT = 1;
    private static final int USER_EXECUTE_SHIFT = 8;

    private SecondStageMapping() {}

    static long pack(long frameHpa, int leafLevel, long flags) {
        return (long) (leafLevel - 1) << SIZE_SHIFT | frameHpa | flags;
    }

    /** What an access needs of a mapping that needs those bits of a {@link Translation}. */
    static int need(int translationNeed) {
        return translationNeed >>> RIGHTS_SHIFT & (int) EptEntry.RIGHTS
                | (translationNeed & Translation.HOST_DIRTY) << DIRTY_SHIFT;
    }

    /** The bits of a {@link Translation} that come of it. */
    static int hostFlags(long mapping) {
        return (int) (mapping & EptEntry.RIGHTS) << RIGHTS_SHIFT | (int) (mapping & EptEntry.DIRTY) >>> DIRTY_SHIFT;
    }

    /** The same for a user-mode address, under mode-based execute control: X says what XU does. */
    static long ofUserAddress(long mapping) {
        return mapping & ~EptEntry.EXECUTE | (mapping & EptEntry.USER_EXECUTE) >>> USER_EXECUTE_SHIFT;
    }

    static boolean isWritable(long mapping) {
        return (mapping & EptEntry.WRITE) != 0;
    }

    static long key(long gpa, int tag) {
        return TlbTag.key(gpa, PageSize.SIZE_4K.shift(), 0, tag);
    }

    static long frameHpa(long mapping) {
        return Translation.pageHpa(mapping);
    }

    static int leafLevel(long mapping) {
        return (int) (mapping >>> SIZE_SHIFT & 3) + 1;
    }

    static PageSize size(long mapping) {
        return PageSize.byNumber(leafLevel(mapping) - 1);
    }
}
