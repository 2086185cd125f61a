package hvsim.ept;

import java.util.Arrays;

/**
 * Where the tables are that a walker read last, one for each level: most walks share their upper tables, and
 * finding a frame in {@link PhysicalMemory} takes longer than reading an entry of it. Nothing of this is visible
 * to the model. {@code WalkBenchmark} pays for it.
 */
final class RecentTables {
    private static final long NONE = -1;

    private final PhysicalMemory memory;
    private final long[] tableHpa = new long[PageTable.MAX_LEVELS + 1];
    private final int[] slot = new int[PageTable.MAX_LEVELS + 1];

    RecentTables(PhysicalMemory memory) {
        this.memory = memory;
        forget();
    }

    /** The entry of {@code address} in the table of {@code level} at {@code hpa}. */
    long read(int level, long hpa, long address) {
        if (tableHpa[level] != hpa) {
            slot[level] = memory.slotOf(hpa);
            // the slot of a frame without content changes when it gets some
            tableHpa[level] = slot[level] == PhysicalMemory.NO_CONTENT ? NONE : hpa;
        }
        return memory.read(slot[level], (int) (address >>> PageTable.shift(level)) & 511);
    }

    /** The memory has been replaced. */
    void forget() {
        Arrays.fill(tableHpa, NONE);
    }
}
