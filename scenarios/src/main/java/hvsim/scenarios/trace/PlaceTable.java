package hvsim.scenarios.trace;

import java.util.Arrays;

/** Where each of a bounded number of pages is: open addressing, a quarter full at most, without gaps in its runs. */
final class PlaceTable {
    static final int NONE = -1;

    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private final long[] pages;
    private final int[] places;
    private final int mask;

    PlaceTable(int most) {
        int slots = Integer.highestOneBit(most) << 2;
        pages = new long[slots];
        places = new int[slots];
        mask = slots - 1;
        Arrays.fill(places, NONE);
    }

    int find(long page) {
        return places[slot(page)];
    }

    /** A page that is not there yet. */
    void put(long page, int place) {
        int slot = slot(page);
        pages[slot] = page;
        places[slot] = place;
    }

    /** A page that is there. What follows it in its run moves up where it may. */
    void remove(long page) {
        int gap = slot(page);
        for (int at = gap + 1 & mask; places[at] != NONE; at = at + 1 & mask) {
            boolean mayMove = (at - home(pages[at]) & mask) >= (at - gap & mask);
            if (mayMove) {
                pages[gap] = pages[at];
                places[gap] = places[at];
                gap = at;
            }
        }
        places[gap] = NONE;
    }

    private int slot(long page) {
        int slot = home(page);
        while (places[slot] != NONE && pages[slot] != page) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private int home(long page) {
        return (int) (page * SPREAD >>> 32) & mask;
    }
}
