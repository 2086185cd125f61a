package hvsim.vmm;

import hvsim.cpu.OpStream;
import hvsim.ept.GuestPage;
import hvsim.tlb.PageSize;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.device.VmDeviceSpec;
import hvsim.vmm.host.ServiceProgram;
import hvsim.vmm.kernel.GuestMemorySpec;
import hvsim.vmm.kernel.GuestMode;
import hvsim.vmm.kernel.KernelSpec;
import hvsim.vmm.schedule.Candidate;
import java.util.List;
import java.util.Optional;

/**
 * One virtual machine.
 *
 * @param memoryBytes guest-physical memory
 * @param mode its processors are in
 * @param guestPage leaf size of the guest's tables
 * @param hostPage leaf size of the second stage
 * @param premapped whether machine memory is behind each frame before the guest first touches it
 * @param kernel how its kernel is set up
 * @param vcpus its virtual processors, one or more; they share memory and kernel
 * @param operationCycles ordinary work of one operation, TLB and walks apart, in each phase of its programs
 * @param ownHypervisor under which its programs run one level down, if it is a hypervisor's VM
 * @param devices that it uses of the machine's
 */
public record VmSpec(
        String name,
        long memoryBytes,
        GuestMode mode,
        GuestPage guestPage,
        PageSize hostPage,
        boolean premapped,
        KernelSpec kernel,
        List<VcpuSpec> vcpus,
        List<Integer> operationCycles,
        Optional<HardwareSpec> ownHypervisor,
        List<VmDeviceSpec> devices) {
    private static final long SERVICE_BYTES = 16L << 20;

    public VmSpec {
        vcpus = List.copyOf(vcpus);
        if (vcpus.isEmpty()) {
            throw new IllegalArgumentException(name + ": no virtual processor");
        }
        devices = List.copyOf(devices);
        operationCycles = List.copyOf(operationCycles);
        if (operationCycles.isEmpty() || operationCycles.stream().anyMatch(cycles -> cycles < 1)) {
            throw new IllegalArgumentException(name + ": an operation takes no cycle");
        }
    }

    /** Without a hypervisor of its own, and devices. */
    public VmSpec(
            String name,
            long memoryBytes,
            GuestMode mode,
            GuestPage guestPage,
            PageSize hostPage,
            boolean premapped,
            KernelSpec kernel,
            List<VcpuSpec> vcpus,
            List<Integer> operationCycles) {
        this(
                name,
                memoryBytes,
                mode,
                guestPage,
                hostPage,
                premapped,
                kernel,
                vcpus,
                operationCycles,
                Optional.empty(),
                List.of());
    }

    /** In 64-bit mode, and operations take the same from beginning to end. */
    public VmSpec(
            String name,
            long memoryBytes,
            PageSize guestPage,
            PageSize hostPage,
            boolean premapped,
            KernelSpec kernel,
            List<VcpuSpec> vcpus,
            int operationCycles) {
        this(
                name,
                memoryBytes,
                GuestMode.LONG,
                GuestPage.of(guestPage),
                hostPage,
                premapped,
                kernel,
                vcpus,
                List.of(operationCycles));
    }

    /**
     * One virtual processor.
     *
     * @param workload what it runs
     * @param candidate where it may run, and its share
     */
    public record VcpuSpec(OpStream workload, Candidate candidate) {}

    /**
     * A privileged VM that answers for others.
     *
     * @param mode of its processors
     * @param where it may run, and its share
     * @param answerCycles what its process does for one answer
     */
    public static VmSpec service(GuestMode mode, List<Integer> where, int weight, int answerCycles) {
        VcpuSpec vcpu = new VcpuSpec(new ServiceProgram(answerCycles), new Candidate(where, weight, true));
        return new VmSpec(
                "service",
                SERVICE_BYTES,
                mode,
                GuestPage.KIB_4,
                PageSize.SIZE_4K,
                true,
                mode.isLegacy() ? KernelSpec.legacy(1, false) : KernelSpec.of(1, false),
                List.of(vcpu),
                List.of(1));
    }

    /** What its kernel has to give out. */
    GuestMemorySpec guestMemory() {
        return new GuestMemorySpec(name, memoryBytes, mode, guestPage, hostPage, premapped);
    }
}
