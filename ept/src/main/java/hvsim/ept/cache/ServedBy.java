package hvsim.ept.cache;

import hvsim.tlb.Snapshot;

/** References by what served them. */
public record ServedBy(long l1, long l2, long l3, long memory, long memoryRemote) {
    public static final ServedBy ZERO = new ServedBy(0, 0, 0, 0, 0);

    public long total() {
        return l1 + l2 + l3 + memory + memoryRemote;
    }

    public ServedBy minus(ServedBy earlier) {
        return new ServedBy(
                l1 - earlier.l1,
                l2 - earlier.l2,
                l3 - earlier.l3,
                memory - earlier.memory,
                memoryRemote - earlier.memoryRemote);
    }

    /** Writes the counts, or reads others in their place. */
    public static ServedBy transfer(ServedBy counts, Snapshot s) {
        return new ServedBy(
                s.transfer(counts.l1),
                s.transfer(counts.l2),
                s.transfer(counts.l3),
                s.transfer(counts.memory),
                s.transfer(counts.memoryRemote));
    }
}
