package hvsim.cpu.state;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/** Model-specific registers that were written; all others read as 0. */
public final class Msrs {
    private int[] numbers = new int[8];
    private long[] values = new long[8];
    private int count;

    public long read(int msr) {
        int i = Arrays.binarySearch(numbers, 0, count, msr);
        return i < 0 ? 0 : values[i];
    }

    public void write(int msr, long value) {
        int i = Arrays.binarySearch(numbers, 0, count, msr);
        if (i < 0) {
            i = insertAt(-i - 1, msr);
        }
        values[i] = value;
    }

    private int insertAt(int i, int msr) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        System.arraycopy(numbers, i, numbers, i + 1, count - i);
        System.arraycopy(values, i, values, i + 1, count - i);
        numbers[i] = msr;
        count++;
        return i;
    }

    public void transfer(Snapshot snapshot) {
        count = snapshot.transfer(count);
        numbers = snapshot.transferResized(numbers);
        values = snapshot.transferResized(values);
    }
}
