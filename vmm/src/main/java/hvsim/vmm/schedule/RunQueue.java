package hvsim.vmm.schedule;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/** The virtual processors that wait for one core, by number, in the order in which they came. */
final class RunQueue {
    private int[] waiting = new int[8];
    private int size;

    int size() {
        return size;
    }

    int get(int place) {
        return waiting[place];
    }

    void add(int vcpu) {
        if (size == waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * size);
        }
        waiting[size++] = vcpu;
    }

    int remove(int place) {
        int vcpu = waiting[place];
        size--;
        System.arraycopy(waiting, place + 1, waiting, place, size - place);
        return vcpu;
    }

    void transfer(Snapshot snapshot) {
        waiting = snapshot.transferResized(waiting);
        size = snapshot.transfer(size);
    }
}
