package hvsim.vmm.cpu.translation;

/**
 * How a hypervisor translates.
 *
 * @param codeCacheBytes room for the translations of a VM
 * @param chaining whether a translation goes on to the next by itself once that is known
 * @param adaptive whether a block whose writes trap often is translated anew, so that it looks where they go
 * @param translateCycles software's work for one instruction of the guest's
 * @param lookUpCycles translated code's own work to find the translation of an address
 */
public record TranslationSpec(
        long codeCacheBytes, boolean chaining, boolean adaptive, int translateCycles, int lookUpCycles) {
    /** Pages of this size are given to a code cache. */
    public static final int PAGE_BYTES = 4096;

    /** Of the address space of a hypervisor. */
    public static final long MOST_BYTES = 64L << 20;

    public TranslationSpec {
        if (codeCacheBytes < PAGE_BYTES || codeCacheBytes > MOST_BYTES || codeCacheBytes % PAGE_BYTES != 0) {
            throw new IllegalArgumentException("a code cache of " + codeCacheBytes + " bytes");
        }
        if (translateCycles < 0 || lookUpCycles < 0) {
            throw new IllegalArgumentException("a cost is negative");
        }
    }
}
