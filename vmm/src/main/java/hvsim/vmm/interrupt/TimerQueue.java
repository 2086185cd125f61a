package hvsim.vmm.interrupt;

import hvsim.cpu.apic.LocalApic;
import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * The timers that one core looks after: a binary heap of virtual processors by their deadlines, the earliest first, and
 * of one deadline the one with the lowest number.
 *
 * <pre>
 *   place     0     1     2     3  ...      the parent of place p is at (p - 1) / 2
 *   vcpu      7     2     9     4           and is not later
 *   deadline  100   120   100   300
 * </pre>
 *
 * Each virtual processor is in one queue at most, which finds it by {@code placeOf}.
 */
final class TimerQueue {
    private final int[] placeOf;
    private int[] vcpus = new int[4];
    private long[] deadlines = new long[4];
    private int size;

    /** @param placeOf by number of a virtual processor, for all queues together */
    TimerQueue(int[] placeOf) {
        this.placeOf = placeOf;
    }

    /** The earliest deadline, or {@link LocalApic#NEVER}. */
    long first() {
        return size == 0 ? LocalApic.NEVER : deadlines[0];
    }

    void add(int vcpu, long deadline) {
        if (size == vcpus.length) {
            vcpus = Arrays.copyOf(vcpus, 2 * size);
            deadlines = Arrays.copyOf(deadlines, 2 * size);
        }
        rise(size++, vcpu, deadline);
    }

    /** Takes the one with the earliest deadline off. */
    int take() {
        int vcpu = vcpus[0];
        removeAt(0);
        return vcpu;
    }

    /** Takes it off, if it is there. */
    void remove(int vcpu) {
        int place = placeOf[vcpu];
        if (place < size && vcpus[place] == vcpu) {
            removeAt(place);
        }
    }

    /** The last one fills the gap: first as far down as it may have to go, then up. */
    private void removeAt(int gap) {
        size--;
        int place = gap;
        for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
            int less = child + 1 < size && isBefore(child + 1, child) ? child + 1 : child;
            put(place, vcpus[less], deadlines[less]);
            place = less;
        }
        if (place < size) {
            rise(place, vcpus[size], deadlines[size]);
        }
    }

    private boolean isBefore(int place, int other) {
        return isBefore(vcpus[place], deadlines[place], other);
    }

    private boolean isBefore(int vcpu, long deadline, int other) {
        return deadline < deadlines[other] || deadline == deadlines[other] && vcpu < vcpus[other];
    }

    private void rise(int from, int vcpu, long deadline) {
        int place = from;
        while (place > 0 && isBefore(vcpu, deadline, (place - 1) / 2)) {
            int parent = (place - 1) / 2;
            put(place, vcpus[parent], deadlines[parent]);
            place = parent;
        }
        put(place, vcpu, deadline);
    }

    private void put(int place, int vcpu, long deadline) {
        vcpus[place] = vcpu;
        deadlines[place] = deadline;
        placeOf[vcpu] = place;
    }

    void transfer(Snapshot snapshot) {
        vcpus = snapshot.transferResized(vcpus);
        deadlines = snapshot.transferResized(deadlines);
        size = snapshot.transfer(size);
    }
}
