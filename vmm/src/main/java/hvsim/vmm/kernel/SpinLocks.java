package hvsim.vmm.kernel;

import hvsim.tlb.Snapshot;
import java.util.Arrays;

/** The kernel's locks: one for each address space, and one of its own. */
final class SpinLocks {
    private static final int FREE = -1;

    private final int[] holder;

    SpinLocks(int addressSpaces) {
        holder = new int[count(addressSpaces)];
        Arrays.fill(holder, FREE);
    }

    /** How many there are. */
    static int count(int addressSpaces) {
        return addressSpaces + 1;
    }

    /** The lock of the kernel's own data; those of address spaces have their numbers. */
    int ofKernel() {
        return holder.length - 1;
    }

    /** Returns whether the virtual processor has it now. */
    boolean take(int lock, int vcpu) {
        boolean isFree = holder[lock] == FREE;
        holder[lock] = isFree ? vcpu : holder[lock];
        return isFree;
    }

    boolean isFree(int lock) {
        return holder[lock] == FREE;
    }

    void release(int lock) {
        holder[lock] = FREE;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(holder);
    }
}
