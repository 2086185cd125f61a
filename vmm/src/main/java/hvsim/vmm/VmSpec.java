package hvsim.vmm;

import hvsim.cpu.OpStream;
import hvsim.tlb.PageSize;

/**
 * One virtual machine.
 *
 * @param memoryBytes guest-physical memory
 * @param guestPage leaf size of the guest's tables
 * @param hostPage leaf size of the second stage
 * @param premapped whether machine memory is behind each frame before the guest first touches it
 * @param kernel how its kernel is set up
 * @param workload what its virtual processor runs
 * @param operationCycles ordinary work of one operation, TLB and walks apart
 */
public record VmSpec(
        String name,
        long memoryBytes,
        PageSize guestPage,
        PageSize hostPage,
        boolean premapped,
        KernelSpec kernel,
        OpStream workload,
        int operationCycles) {

    public VmSpec {
        if (operationCycles < 1) {
            throw new IllegalArgumentException(name + ": an operation takes no cycle");
        }
    }

    /**
     * @param processes address spaces that take turns
     * @param pcid whether each has a PCID of its own
     * @param demandPaging whether pages are mapped by the kernel's fault handler, rather than free of charge
     */
    public record KernelSpec(int processes, boolean pcid, boolean demandPaging) {
        public KernelSpec {
            if (processes < 1 || pcid && processes > 4095) {
                throw new IllegalArgumentException(processes + " processes; 1 or more, with PCIDs at most 4095");
            }
        }
    }
}
