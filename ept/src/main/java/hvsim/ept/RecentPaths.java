package hvsim.ept;

import java.util.Arrays;

/**
 * Where walks of one stage that started at the root came out on the last level, by regions of 2 MiB: while no
 * table changes, the same upper entries need not be looked at again to know what they say. Their references are
 * counted all the same; nothing of this is visible to the model. For walks without paging-structure caches, whose
 * upper entries are most of what they read; {@code WalkBenchmark} pays for it.
 */
final class RecentPaths {
    /** It is not known. */
    static final long NONE = -1;

    private static final int SLOTS = 256;
    private static final int REGION_SHIFT = PageTable.shift(2);
    private final PhysicalMemory memory;
    private final long[] region = new long[SLOTS];
    private final long[] root = new long[SLOTS];
    private final long[] table = new long[SLOTS];
    private long version = NONE;

    RecentPaths(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** The entries' address of the last table for {@code address}, with the rights down to it in its low bits; or -1. */
    long find(long rootHpa, long address) {
        int slot = slot(address);
        boolean known =
                version == memory.version() && region[slot] == address >>> REGION_SHIFT && root[slot] == rootHpa;
        return known ? table[slot] : NONE;
    }

    /** A walk from the root came to that table, and all flags on the way were set. */
    void remember(long rootHpa, long address, long tableHpa, long rights) {
        if (version != memory.version()) {
            version = memory.version();
            Arrays.fill(region, NONE);
        }
        int slot = slot(address);
        region[slot] = address >>> REGION_SHIFT;
        root[slot] = rootHpa;
        table[slot] = tableHpa | rights;
    }

    private static int slot(long address) {
        return (int) (address >>> REGION_SHIFT) & SLOTS - 1;
    }

    /** The memory has been replaced. */
    void forget() {
        version = NONE;
    }
}
