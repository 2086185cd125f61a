package hvsim.vmm.memory.shadow;

/**
 * How a hypervisor keeps shadow tables.
 *
 * @param roots how many of the guest's address spaces keep their shadow tables while others run; of each VM
 * @param outOfSync whether the guest may write a table of pages freely until it next drops translations
 * @param memoryBytes that the shadow tables of a VM may take; beyond that the oldest are given up
 * @param askCycles software's work for a fault or a write that they are asked about, beside reads and edits of tables
 */
public record ShadowSpec(int roots, boolean outOfSync, long memoryBytes, int askCycles) {
    /** The least that makes progress: root tables of 64 virtual processors, and what an access can need. */
    public static final long LEAST_BYTES = 512 << 10;

    public ShadowSpec {
        if (roots < 1 || memoryBytes < LEAST_BYTES) {
            throw new IllegalArgumentException("shadow paging needs a root, and " + LEAST_BYTES + " bytes");
        }
        if (askCycles < 0) {
            throw new IllegalArgumentException("a cost is negative");
        }
    }

    /** By software whose own work takes no time. */
    public ShadowSpec(int roots, boolean outOfSync, long memoryBytes) {
        this(roots, outOfSync, memoryBytes, 0);
    }
}
