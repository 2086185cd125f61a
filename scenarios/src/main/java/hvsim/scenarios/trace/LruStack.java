package hvsim.scenarios.trace;

import java.util.Arrays;

/**
 * Which of the look-ups a fully associative TLB with LRU would answer, for all sizes of 2^4 to 2^12 entries at once:
 * a TLB of n entries holds the n pages that were used last. Exact; memory and time a look-up depend on the largest
 * size only.
 *
 * <pre>
 *   newest                                                    oldest
 *   page - ... - page | page - ... - page | page - ...  - page
 *        class 0      |      class 1      |   class 2          class k: a TLB of 2^(4+k) entries has the page,
 *      16 pages       |    16 more        |   32 more          one of half the size has not
 *                 last[0]             last[1]
 *
 *   A page that is used comes to the front; at each border before its old place one page goes over.
 * </pre>
 */
final class LruStack {
    static final int CLASSES = 9;

    private static final int SMALLEST = 16;
    private static final int LARGEST = SMALLEST << CLASSES - 1;
    private static final int NONE = -1;

    private final PlaceTable places = new PlaceTable(LARGEST);
    private final long[] pages = new long[LARGEST];
    private final byte[] classes = new byte[LARGEST];
    private final int[] newer = new int[LARGEST];
    private final int[] older = new int[LARGEST];
    private final int[] last = new int[CLASSES];
    private final long[] hits = new long[CLASSES];
    private int newest = NONE;
    private int oldest = NONE;
    private int held;
    private long lookups;

    LruStack() {
        Arrays.fill(last, NONE);
    }

    static int entries(int sizeClass) {
        return SMALLEST << sizeClass;
    }

    void look(long page) {
        lookups++;
        if (newest != NONE && pages[newest] == page) {
            hits[0]++;
            return;
        }
        int place = places.find(page);
        if (place != PlaceTable.NONE) {
            hits[classes[place]]++;
            bringForward(place);
        } else if (held < LARGEST) {
            add(page);
        } else {
            replaceOldest(page);
        }
    }

    long lookups() {
        return lookups;
    }

    /** Look-ups that a TLB of {@code entries(sizeClass)} entries would have answered. */
    long hits(int sizeClass) {
        long sum = 0;
        for (int i = 0; i <= sizeClass; i++) {
            sum += hits[i];
        }
        return sum;
    }

    private void add(long page) {
        int place = held++;
        pages[place] = page;
        places.put(page, place);
        passBorders(CLASSES);
        link(place);
        for (int i = 0; i < CLASSES; i++) {
            last[i] = held == entries(i) ? oldest : last[i];
        }
    }

    private void replaceOldest(long page) {
        int place = oldest;
        places.remove(pages[place]);
        pages[place] = page;
        places.put(page, place);
        bringForward(place);
    }

    private void bringForward(int place) {
        int sizeClass = classes[place];
        if (last[sizeClass] == place) {
            last[sizeClass] = newer[place];
        }
        passBorders(sizeClass);
        unlink(place);
        link(place);
    }

    /** Takes the last page of each class before {@code end} into the next. */
    private void passBorders(int end) {
        for (int i = 0; i < end && last[i] != NONE; i++) {
            int gone = last[i];
            classes[gone] = (byte) (i + 1);
            last[i] = newer[gone];
        }
    }

    private void unlink(int place) {
        int before = newer[place];
        int after = older[place];
        older[before] = after; // the newest is never brought forward
        if (after == NONE) {
            oldest = before;
        } else {
            newer[after] = before;
        }
    }

    private void link(int place) {
        classes[place] = 0;
        newer[place] = NONE;
        older[place] = newest;
        if (newest == NONE) {
            oldest = place;
        } else {
            newer[newest] = place;
        }
        newest = place;
    }
}
