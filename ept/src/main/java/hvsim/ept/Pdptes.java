package hvsim.ept;

import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The four registers that stand in place of the top table under PAE paging: they are loaded with CR3, and walks ask
 * them and not the memory (SDM vol. 3, 4.4.1).
 */
final class Pdptes {
    private static final int COUNT = 4;
    private static final int SHIFT = 30;
    private static final int PAGE_BYTES = 4096;

    private final PhysicalMemory memory;
    private final EntryReads reads;
    private final long[] entries = new long[COUNT];

    Pdptes(PhysicalMemory memory, EntryReads reads) {
        this.memory = memory;
        this.reads = reads;
    }

    /** From now on walks use these. */
    void enter(long[] newEntries) {
        System.arraycopy(newEntries, 0, entries, 0, COUNT);
    }

    /** The one for a linear address of 32 bits. */
    long entry(long gva) {
        return entries[(int) (gva >>> SHIFT)];
    }

    /**
     * Reads all four into registers, unless the second stage stops that, or one that is present has a reserved bit set.
     *
     * @param secondStage that takes the address to the machine; null if there is none
     */
    boolean load(long cr3, long[] into, @Nullable SecondStage secondStage, EntryRules rules, Walk walk) {
        long address = cr3 & PagingMode.PAE.rootMask();
        long hpa = address;
        if (secondStage != null) {
            long mapping = secondStage.translateRegister(address, walk);
            if (mapping == SecondStageMapping.NONE) {
                return false;
            }
            hpa = SecondStageMapping.frameHpa(mapping) | address & PAGE_BYTES - 1;
        }
        walk.guestReferences += COUNT;
        for (int i = 0; i < COUNT; i++) {
            long entry = memory.read(hpa + 8L * i);
            reads.register(hpa + 8L * i, walk);
            if (GuestEntry.isPresent(entry) && rules.isReservedPdpte(entry)) {
                return walk.stop(WalkOutcome.RESERVED_PDPTE, StopCause.RESERVED_BIT, Walk.PDPTE_LEVEL);
            }
        }
        for (int i = 0; i < COUNT; i++) {
            into[i] = memory.read(hpa + 8L * i);
        }
        walk.outcome = WalkOutcome.TRANSLATED;
        return true;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(entries);
    }
}
