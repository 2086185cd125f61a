package hvsim.vmm.kernel;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/** Addresses, the last one first. */
final class LongStack {
    private long[] values = new long[8];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    long get(int index) {
        return values[index];
    }

    void push(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    long pop() {
        return values[--size];
    }

    void clear() {
        size = 0;
    }

    void transfer(Snapshot snapshot) {
        values = snapshot.transferResized(values);
        size = snapshot.transfer(size);
    }
}
