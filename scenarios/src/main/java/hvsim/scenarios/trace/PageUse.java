package hvsim.scenarios.trace;

import java.util.Arrays;

/**
 * How often each page was used, and whether for code, data or both.
 *
 * <pre>
 *   63          2  1    0
 *  |   uses      |data|code|   one word a page; open addressing, at most half full
 * </pre>
 */
final class PageUse {
    static final int CODE = 1;
    static final int DATA = 2;

    private static final int COUNT_SHIFT = 2;
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private long[] pages = new long[1 << 10];
    private long[] uses = new long[1 << 10];
    private int size;
    private int lastSlot;

    /** @param use CODE or DATA */
    void add(long page, int use) {
        add(page, 1, use);
    }

    /** @param kinds CODE, DATA or both */
    private void add(long page, long count, int kinds) {
        int slot = slot(page);
        if (uses[slot] == 0) {
            pages[slot] = page;
            uses[slot] = kinds;
            slot = grown(slot);
        }
        uses[slot] = uses[slot] + (count << COUNT_SHIFT) | kinds;
        lastSlot = slot;
    }

    long pages() {
        return size;
    }

    /** Pages used for all of {@code kinds}. */
    long pages(int kinds) {
        return Arrays.stream(uses).filter(use -> (use & kinds) == kinds).count();
    }

    /** The same with pages 2^shift times as large. */
    PageUse coarser(int shift) {
        PageUse coarse = new PageUse();
        for (int slot = 0; slot < uses.length; slot++) {
            if (uses[slot] != 0) {
                coarse.add(pages[slot] >>> shift, uses[slot] >>> COUNT_SHIFT, (int) uses[slot] & (CODE | DATA));
            }
        }
        return coarse;
    }

    /** How often the pages were used, least first. */
    long[] counts() {
        return Arrays.stream(uses)
                .filter(use -> use != 0)
                .map(use -> use >>> COUNT_SHIFT)
                .sorted()
                .toArray();
    }

    private int slot(long page) {
        if (uses[lastSlot] != 0 && pages[lastSlot] == page) {
            return lastSlot;
        }
        int mask = pages.length - 1;
        int slot = (int) (page * SPREAD >>> 32) & mask;
        while (uses[slot] != 0 && pages[slot] != page) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** Counts a page that has come to {@code slot}; where it is then. */
    private int grown(int slot) {
        if (2 * ++size <= pages.length) {
            return slot;
        }
        long page = pages[slot];
        long[] oldPages = pages;
        long[] oldUses = uses;
        pages = new long[2 * oldPages.length];
        uses = new long[2 * oldPages.length];
        lastSlot = 0;
        for (int i = 0; i < oldPages.length; i++) {
            if (oldUses[i] != 0) {
                int to = slot(oldPages[i]);
                pages[to] = oldPages[i];
                uses[to] = oldUses[i];
            }
        }
        return slot(page);
    }
}
