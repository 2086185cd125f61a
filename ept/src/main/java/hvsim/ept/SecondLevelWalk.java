package hvsim.ept;

/** The result of one walk for a device; owned by the caller, written by {@link SecondLevelWalker}. */
public final class SecondLevelWalk {
    StopCause stopCause = StopCause.NONE;
    int level;
    long rights;
    long entry;
    int references;

    /** Why it came to no page: an entry is not present, or has a bit set that must be 0; or NONE. */
    public StopCause stopCause() {
        return stopCause;
    }

    /** Level of the last entry that was read: 1 maps 4 KiB, 2 maps 2 MiB, 3 maps 1 GiB. */
    public int level() {
        return level;
    }

    /** What all entries together allow: {@link EptEntry#READ} and {@link EptEntry#WRITE}. */
    public long rights() {
        return rights;
    }

    /** Machine address of the page. */
    public long page() {
        return entry & GuestEntry.ADDRESS & -1L << PageTable.shift(level);
    }

    /** Entries that were read. */
    public int references() {
        return references;
    }
}
