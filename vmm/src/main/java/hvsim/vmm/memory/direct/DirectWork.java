package hvsim.vmm.memory.direct;

import hvsim.tlb.Snapshot;

/** What direct paging did for a VM. */
public final class DirectWork {
    private long updates;
    private long refused;
    private long validated;
    private long pinned;
    private long emulatedWrites;
    private boolean flush;

    void update() {
        updates++;
    }

    void refuse() {
        refused++;
    }

    void validate() {
        validated++;
    }

    void pin() {
        pinned++;
    }

    void emulatedWrite() {
        emulatedWrites++;
    }

    void flush() {
        flush = true;
    }

    /** Entries that were changed. */
    public long updates() {
        return updates;
    }

    /** Updates that were forged or wrong, and not made. */
    public long refused() {
        return refused;
    }

    /** Frames that became tables: all their entries were looked at. */
    public long tablesValidated() {
        return validated;
    }

    /** Root tables that were registered. */
    public long pins() {
        return pinned;
    }

    /** Writes to tables that were done as updates. */
    public long emulatedWrites() {
        return emulatedWrites;
    }

    /** Whether translations have to go since it was asked last: a frame that could be written is a table now. */
    public boolean takeFlush() {
        boolean needed = flush;
        flush = false;
        return needed;
    }

    void transfer(Snapshot snapshot) {
        updates = snapshot.transfer(updates);
        refused = snapshot.transfer(refused);
        validated = snapshot.transfer(validated);
        pinned = snapshot.transfer(pinned);
        emulatedWrites = snapshot.transfer(emulatedWrites);
        flush = snapshot.transfer(flush);
    }
}
