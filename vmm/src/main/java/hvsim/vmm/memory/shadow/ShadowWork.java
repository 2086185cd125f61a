package hvsim.vmm.memory.shadow;

import hvsim.tlb.Snapshot;

/** What shadow paging does for a VM: since it was last asked, for the time that this takes, and altogether. */
public final class ShadowWork {
    private int reads;
    private int edits;
    private boolean flush;

    private long hiddenFaults;
    private long trueFaults;
    private long emulatedWrites;
    private long leftOutOfSync;
    private long synced;
    private long dropped;

    void begin() {
        reads = 0;
        edits = 0;
        flush = false;
    }

    void reads(int entries) {
        reads += entries;
    }

    void edit() {
        edits++;
    }

    void flush() {
        flush = true;
    }

    void hiddenFault() {
        hiddenFaults++;
    }

    void trueFault() {
        trueFaults++;
    }

    void emulatedWrite() {
        emulatedWrites++;
    }

    void leftOutOfSync() {
        leftOutOfSync++;
    }

    void synced() {
        synced++;
    }

    void dropped() {
        dropped++;
    }

    /** Entries of the guest's tables that were read. */
    public int reads() {
        return reads;
    }

    /** Entries of either tables that were written. */
    public int edits() {
        return edits;
    }

    /** Whether all processors of the VM have to drop their translations: a right or a table was taken away. */
    public boolean needsFlush() {
        return flush;
    }

    /** Page faults that the guest's own tables do not have: the shadow was behind them. */
    public long hiddenFaults() {
        return hiddenFaults;
    }

    /** Page faults that the guest's kernel got. */
    public long trueFaults() {
        return trueFaults;
    }

    /** Writes to tables that are kept in step. */
    public long emulatedWrites() {
        return emulatedWrites;
    }

    /** How often a table was left to the guest until it drops translations. */
    public long outOfSync() {
        return leftOutOfSync;
    }

    /** Tables that were brought in step again. */
    public long tablesSynced() {
        return synced;
    }

    /** Shadow tables that were given up. */
    public long tablesDropped() {
        return dropped;
    }

    void transfer(Snapshot snapshot) {
        reads = snapshot.transfer(reads);
        edits = snapshot.transfer(edits);
        flush = snapshot.transfer(flush);
        hiddenFaults = snapshot.transfer(hiddenFaults);
        trueFaults = snapshot.transfer(trueFaults);
        emulatedWrites = snapshot.transfer(emulatedWrites);
        leftOutOfSync = snapshot.transfer(leftOutOfSync);
        synced = snapshot.transfer(synced);
        dropped = snapshot.transfer(dropped);
    }
}
