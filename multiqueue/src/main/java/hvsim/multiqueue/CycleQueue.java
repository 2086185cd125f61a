package hvsim.multiqueue;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/** Points in time, taken in the order in which they were put in. It keeps as many as the longest ring has entries. */
final class CycleQueue {
    private static final int MOST = 1 << 16;

    private long[] cycles = new long[16];
    private int first;
    private int count;

    /** Beyond the most that it keeps, the oldest one goes. */
    void add(long cycle) {
        if (count == MOST) {
            take();
        } else if (count == cycles.length) {
            grow();
        }
        cycles[place(count++)] = cycle;
    }

    private void grow() {
        long[] more = Arrays.copyOf(cycles, 2 * count);
        for (int i = 0; i < count; i++) {
            more[i] = cycles[place(i)];
        }
        cycles = more;
        first = 0;
    }

    private int place(int number) {
        return first + number & cycles.length - 1;
    }

    /** @throws IllegalStateException if there is none */
    long take() {
        if (count == 0) {
            throw new IllegalStateException("nothing was put in that was not taken");
        }
        long cycle = cycles[first];
        first = place(1);
        count--;
        return cycle;
    }

    void transfer(Snapshot snapshot) {
        cycles = snapshot.transferResized(cycles);
        first = snapshot.transfer(first);
        count = snapshot.transfer(count);
    }
}
