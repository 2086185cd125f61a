package hvsim.ept;

import hvsim.tlb.Snapshot;

/**
 * The page-modification log: where the processor writes the guest-physical address of each page whose dirty flag it
 * sets in the second stage.
 *
 * <pre>
 *   log address + 8 * index   <- address of the page, bits 11:0 clear; then index - 1 (below 0: FFFFH)
 *   an index above 511: full
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 28.2.5.
 */
public final class DirtyLog {
    private static final int LAST_INDEX = 511;
    private static final int INDEX_MASK = 0xFFFF;
    private static final long PAGE = -4096L;

    private final PhysicalMemory memory;
    private boolean enabled;
    private long address;
    private int index;

    DirtyLog(PhysicalMemory memory) {
        this.memory = memory;
    }

    /**
     * As a VM entry loads it.
     *
     * @param pmlEnabled the control "enable PML"
     * @param pmlAddress machine address of the log, a multiple of 4096
     * @param pmlIndex of the next entry; 16 bits
     */
    public void enter(boolean pmlEnabled, long pmlAddress, int pmlIndex) {
        enabled = pmlEnabled;
        address = pmlAddress;
        index = pmlIndex & INDEX_MASK;
    }

    /** The PML index, as a VM exit saves it. */
    public int index() {
        return index;
    }

    /** Whether no accessed or dirty flag may be set. */
    boolean isFull() {
        return enabled && index > LAST_INDEX;
    }

    /** A dirty flag has been set for an access to {@code gpa}. */
    void append(long gpa) {
        if (!enabled) {
            return;
        }
        long hpa = address + 8L * index;
        if (hpa < memory.sizeBytes()) { // else nobody takes the write
            memory.write(hpa, gpa & PAGE);
        }
        index = index - 1 & INDEX_MASK;
    }

    void transfer(Snapshot snapshot) {
        enabled = snapshot.transfer(enabled);
        address = snapshot.transfer(address);
        index = snapshot.transfer(index);
    }
}
