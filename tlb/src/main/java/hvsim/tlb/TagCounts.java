package hvsim.tlb;

import java.util.Arrays;

/** How many entries each address space has in a store. */
final class TagCounts {
    private int[] counts = new int[16];
    private int sum;

    /** An entry of {@code tag} came where there was none. */
    void add(int tag) {
        sum++;
        increment(tag);
    }

    void remove(int tag) {
        sum--;
        counts[tag]--;
    }

    /** An entry of one space came in place of one of another. */
    void move(int from, int to) {
        counts[from]--;
        increment(to);
    }

    private void increment(int tag) {
        if (tag >= counts.length) {
            counts = Arrays.copyOf(counts, Integer.highestOneBit(tag) << 1);
        }
        counts[tag]++;
    }

    int of(int tag) {
        return tag < counts.length ? counts[tag] : 0;
    }

    int ofAll(boolean[] marked) {
        int found = 0;
        for (int tag = 0, end = Math.min(marked.length, counts.length); tag < end; tag++) {
            found += marked[tag] ? counts[tag] : 0;
        }
        return found;
    }

    int sum() {
        return sum;
    }

    void clear() {
        Arrays.fill(counts, 0);
        sum = 0;
    }

    void transfer(Snapshot snapshot) {
        sum = snapshot.transfer(sum);
        counts = snapshot.transferResized(counts);
    }
}
