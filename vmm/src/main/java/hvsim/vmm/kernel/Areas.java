package hvsim.vmm.kernel;

import hvsim.tlb.Snapshot;

/**
 * The pages that one virtual processor has mapped in one address space beyond the program's own: a ring of addresses
 * that is its own, so that two threads never want the same. The oldest page goes first.
 *
 * <pre>
 *   0x6000_0000_0000 + virtual processor * 64 GiB:   | gone | oldest ... newest | next
 *                                                           first               end     (modulo 64 GiB)
 * </pre>
 */
final class Areas {
    private static final long BASE = 0x6000_0000_0000L;
    private static final int SPAN_SHIFT = 36;
    private static final long IN_SPAN = (1L << SPAN_SHIFT) - 1;

    private final long base;
    private final long pageBytes;
    private long first;
    private long end;

    Areas(int vcpu, long pageBytes) {
        this.base = BASE + ((long) vcpu << SPAN_SHIFT);
        this.pageBytes = pageBytes;
    }

    boolean isEmpty() {
        return first == end;
    }

    /** Address of a new page. */
    long add() {
        if (end - first > IN_SPAN) {
            throw new IllegalStateException("a process has mapped 64 GiB and unmapped nothing");
        }
        long gva = base + (end & IN_SPAN);
        end += pageBytes;
        return gva;
    }

    /** Address of the oldest page, which is no longer among them. */
    long takeOldest() {
        long gva = base + (first & IN_SPAN);
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
