package hvsim.vmm;

import hvsim.cpu.OpStream;
import hvsim.tlb.PageSize;
import hvsim.vmm.schedule.Candidate;
import java.util.List;

/**
 * One virtual machine.
 *
 * @param memoryBytes guest-physical memory
 * @param guestPage leaf size of the guest's tables
 * @param hostPage leaf size of the second stage
 * @param premapped whether machine memory is behind each frame before the guest first touches it
 * @param kernel how its kernel is set up
 * @param vcpus its virtual processors, one or more; they share memory and kernel
 * @param operationCycles ordinary work of one operation, TLB and walks apart
 */
public record VmSpec(
        String name,
        long memoryBytes,
        PageSize guestPage,
        PageSize hostPage,
        boolean premapped,
        KernelSpec kernel,
        List<VcpuSpec> vcpus,
        int operationCycles) {

    public VmSpec {
        vcpus = List.copyOf(vcpus);
        if (vcpus.isEmpty()) {
            throw new IllegalArgumentException(name + ": no virtual processor");
        }
        if (operationCycles < 1) {
            throw new IllegalArgumentException(name + ": an operation takes no cycle");
        }
    }

    /**
     * One virtual processor.
     *
     * @param workload what it runs
     * @param candidate where it may run, and its share
     */
    public record VcpuSpec(OpStream workload, Candidate candidate) {}

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
