package hvsim.multiqueue.service;

import hvsim.tlb.Snapshot;

/** Numbers by the cycle at which they are due, the earliest first; of one cycle, the lowest number first. */
public final class CycleHeap {
    public static final long NEVER = Long.MAX_VALUE;

    private final long[] cycles;
    private final int[] numbers;
    private int size;

    public CycleHeap(int capacity) {
        cycles = new long[capacity];
        numbers = new int[capacity];
    }

    public int size() {
        return size;
    }

    /** {@link #NEVER} if there is none. */
    public long firstCycle() {
        return size == 0 ? NEVER : cycles[0];
    }

    public void add(long cycle, int number) {
        int at = size++;
        while (at > 0 && isBefore(cycle, number, at - 1 >> 1)) {
            move(at - 1 >> 1, at);
            at = at - 1 >> 1;
        }
        put(cycle, number, at);
    }

    public int removeFirst() {
        int first = numbers[0];
        size--;
        long cycle = cycles[size];
        int number = numbers[size];
        int at = 0;
        for (int child = earlierChild(0); child < size && !isBefore(cycle, number, child); child = earlierChild(at)) {
            move(child, at);
            at = child;
        }
        put(cycle, number, at);
        return first;
    }

    private int earlierChild(int at) {
        int left = 2 * at + 1;
        boolean right = left + 1 < size && isBefore(cycles[left + 1], numbers[left + 1], left);
        return right ? left + 1 : left;
    }

    private boolean isBefore(long cycle, int number, int at) {
        return cycle < cycles[at] || cycle == cycles[at] && number < numbers[at];
    }

    private void move(int from, int to) {
        put(cycles[from], numbers[from], to);
    }

    private void put(long cycle, int number, int at) {
        cycles[at] = cycle;
        numbers[at] = number;
    }

    public void transfer(Snapshot snapshot) {
        size = snapshot.transfer(size);
        for (int i = 0; i < size; i++) {
            cycles[i] = snapshot.transfer(cycles[i]);
            numbers[i] = snapshot.transfer(numbers[i]);
        }
    }
}
