package hvsim.ept;

import java.util.Arrays;

/**
 * The frames of the tables that a walker read last, one for each level: most walks share their upper tables, and
 * finding a frame in {@link PhysicalMemory} takes longer than reading an entry of it. Nothing of this is visible
 * to the model. {@code WalkBenchmark} pays for it.
 */
final class RecentTables {
    private static final long NONE = -1;

    private final PhysicalMemory memory;
    private final long[] tableHpa = new long[PageTable.LEVELS + 1];
    private final long[][] frame = new long[PageTable.LEVELS + 1][];

    RecentTables(PhysicalMemory memory) {
        this.memory = memory;
        forget();
    }

    /** The entry of {@code address} in the table of {@code level} at {@code hpa}. */
    long read(int level, long hpa, long address) {
        if (tableHpa[level] != hpa) {
            load(level, hpa);
        }
        return frame[level][(int) (address >>> PageTable.shift(level)) & 511];
    }

    private void load(int level, long hpa) {
        frame[level] = memory.frame(hpa);
        // a frame without content is made when it is first written, elsewhere than the one read here
        tableHpa[level] = frame[level] == PhysicalMemory.NO_CONTENT ? NONE : hpa;
    }

    /** The memory has been replaced. */
    void forget() {
        Arrays.fill(tableHpa, NONE);
        Arrays.fill(frame, PhysicalMemory.NO_CONTENT);
    }
}
