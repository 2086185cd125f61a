package hvsim.ept;

import hvsim.tlb.Snapshot;

/**
 * Sub-page write permissions: which 128-byte blocks of a page may be written although its entry says no. A table of
 * four levels, indexed like extended page tables of four levels.
 *
 * <pre>
 *  upper entries  63    N N-1              12 11    1 0
 *                +-------+-------------------+-------+-+
 *                |rsvd 0 | next table        |rsvd 0 |V|      V valid; N width of physical addresses
 *                +-------+-------------------+-------+-+
 *  last entry     63 62                          3 2 1 0
 *                +--+--+-----------------------+-+-+-+-+
 *                |0 |31|  ...                  |0|1|0|0|      block i, address bits 11:7, is writable if bit 2i is 1
 *                +--+--+-----------------------+-+-+-+-+
 * </pre>
 *
 * A write is judged by the block of its first byte. Above bit 47 of an address nothing is writable.
 *
 * <p>Source: Intel SDM vol. 3, editions after 325384-059US, "Sub-Page Write Permissions"; bits as in its table of
 * SPPT entries.
 */
public final class SubPagePermissions {
    private static final int LEVELS = 4;
    private static final long VALID = 1;
    private static final long RESERVED_IN_LAST = 0xAAAA_AAAA_AAAA_AAAAL;
    private static final int BLOCK_SHIFT = 7;
    private static final int BLOCKS = 32;
    private static final int REACH_SHIFT = 48;

    private final PhysicalMemory memory;
    private final long reserved;
    private boolean enabled;
    private long root;
    private int level;

    SubPagePermissions(PhysicalMemory memory, PagingCapability capability) {
        this.memory = memory;
        reserved = -4096L & ~GuestEntry.ADDRESS | capability.aboveWidth() | 0xFFE;
    }

    /**
     * As a VM entry loads it.
     *
     * @param control "sub-page write permissions for EPT"
     * @param tablePointer machine address of the root table in bits 51:12
     */
    public void enter(boolean control, long tablePointer) {
        enabled = control;
        root = tablePointer & GuestEntry.ADDRESS;
    }

    /** Whether they decide on an access that lacks rights: a write that only W stands against, by an entry that asks. */
    boolean decideOn(long lacking, long rights, long leaf, int leafLevel) {
        return enabled
                && lacking == EptEntry.WRITE
                && (rights & EptEntry.READ) != 0
                && leafLevel == 1
                && (leaf & EptEntry.SUB_PAGE) != 0;
    }

    /** What becomes of such a write: TRANSLATED if it is allowed. */
    WalkOutcome check(long gpa, EntryReads reads, Walk walk) {
        level = LEVELS;
        if (gpa >>> REACH_SHIFT != 0) {
            return WalkOutcome.EPT_VIOLATION;
        }
        long entry = read(root, gpa, reads, walk);
        for (; level > 1; level--, entry = read(entry & GuestEntry.ADDRESS, gpa, reads, walk)) {
            if ((entry & VALID) == 0) {
                return WalkOutcome.SPP_MISS;
            }
            if ((entry & reserved) != 0) {
                return WalkOutcome.SPP_MISCONFIGURATION;
            }
        }
        if ((entry & RESERVED_IN_LAST) != 0) {
            return WalkOutcome.SPP_MISCONFIGURATION;
        }
        long block = gpa >>> BLOCK_SHIFT & BLOCKS - 1;
        return (entry >>> 2 * block & 1) != 0 ? WalkOutcome.TRANSLATED : WalkOutcome.EPT_VIOLATION;
    }

    private long read(long table, long gpa, EntryReads reads, Walk walk) {
        long hpa = table | PageTable.entryOffset(gpa, level);
        reads.subPage(hpa, walk);
        return memory.read(hpa);
    }

    /** Level of the entry that the last check ended at. */
    int level() {
        return level;
    }

    /** Entries that the last check read. */
    int references() {
        return LEVELS + 1 - level;
    }

    void transfer(Snapshot snapshot) {
        enabled = snapshot.transfer(enabled);
        root = snapshot.transfer(root);
    }
}
