package hvsim.vmm.kernel;

import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.OutOfFramesException;

/**
 * The pages that one virtual processor has mapped in one address space beyond the program's own: a ring of addresses
 * that is its own, so that two threads never want the same. The oldest page goes first.
 *
 * <pre>
 *   where new pages come + its part:   | gone | oldest ... newest | next
 *                                              first               end     (modulo the part)
 * </pre>
 */
final class Areas {
    /** Of 64-bit address spaces, in which every virtual processor that there can be has one. */
    private static final int MOST_VCPUS = 64;

    private final long base;
    private final long spanBytes;
    private final long pageBytes;
    private long first;
    private long end;

    Areas(SpaceLayout layout, int vcpu, int vcpus, long pageBytes) {
        int parts = layout.isRoomy() ? MOST_VCPUS : Integer.highestOneBit(2 * vcpus - 1);
        this.spanBytes = layout.pagesBytes() / parts;
        this.base = layout.pages() + vcpu * spanBytes;
        this.pageBytes = pageBytes;
    }

    boolean isEmpty() {
        return first == end;
    }

    /**
     * Address of a new page.
     *
     * @throws OutOfFramesException if no address is left
     */
    long add() {
        if (end - first + pageBytes > spanBytes) {
            throw new OutOfFramesException("what a process has of addresses for new pages", spanBytes);
        }
        long gva = base + (end & spanBytes - 1);
        end += pageBytes;
        return gva;
    }

    /** Address of the oldest page, which is no longer among them. */
    long takeOldest() {
        long gva = base + (first & spanBytes - 1);
        first += pageBytes;
        return gva;
    }

    void clear() {
        first = end;
    }

    void transfer(Snapshot snapshot) {
        first = snapshot.transfer(first);
        end = snapshot.transfer(end);
    }
}
