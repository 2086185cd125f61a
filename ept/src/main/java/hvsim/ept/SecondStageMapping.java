package hvsim.ept;

import hvsim.tlb.PageSize;
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;

/**
 * Codec of what the second stage makes of one 4 KiB guest frame.
 *
 * <pre>
 *  53 52 51                                   12 11          0
 * +-----+---------------------------------------+-------------+
 * |size |    machine address of the frame       | host flags  |   size: of the page that maps the frame;
 * +-----+---------------------------------------+-------------+   flags as in {@link Translation}
 * </pre>
 */
final class SecondStageMapping {
    /** No mapping: the walk was stopped. */
    static final long NONE = 0;

    private static final int SIZE_SHIFT = 52;

    private SecondStageMapping() {}

    static long pack(long frameHpa, int leafLevel, int hostFlags) {
        return (long) (leafLevel - 1) << SIZE_SHIFT | frameHpa | hostFlags;
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
