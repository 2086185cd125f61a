package hvsim.vmm;

import hvsim.cpu.CoreSpec;
import hvsim.ept.PageTable;
import hvsim.vmm.cpu.HypervisorSpec;
import hvsim.vmm.device.DeviceSpec;
import hvsim.vmm.host.HostSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One machine with all that runs on it.
 *
 * @param memoryBytes machine memory
 * @param pageLevels of all tables: of guests, of the hypervisor's own, of the second stage; 4 or 5
 * @param sockets the cores are spread over, evenly: the first ones are on socket 0
 * @param core the shape of each core
 * @param hypervisor empty for a bare machine, which runs one VM's program
 * @param host where the hypervisor runs
 * @param devices that its VMs use by their numbers
 * @param serviceVm the privileged VM that answers for others, where there is one
 */
public record MachineSpec(
        long memoryBytes,
        int pageLevels,
        int sockets,
        int cores,
        CoreSpec core,
        Optional<HypervisorSpec> hypervisor,
        HostSpec host,
        Optional<VmSpec> serviceVm,
        List<VmSpec> vms,
        List<DeviceSpec> devices) {
    private static final int TAKE_OVER_CYCLES = 100_000;

    public MachineSpec {
        vms = List.copyOf(vms);
        devices = List.copyOf(devices);
        if (pageLevels != 4 && pageLevels != 5) {
            throw new IllegalArgumentException(pageLevels + " levels of page tables; 4 or 5 are possible");
        }
        if (cores < 1 || sockets < 1 || cores % sockets != 0) {
            throw new IllegalArgumentException(cores + " cores on " + sockets + " sockets");
        }
        if (vms.isEmpty() || hypervisor.isEmpty() && vms.size() > 1) {
            throw new IllegalArgumentException(vms.size() + " VMs; a bare machine runs one, a hypervisor one or more");
        }
        if (hypervisor.isEmpty() && vms.get(0).vcpus().size() != cores) {
            throw new IllegalArgumentException("a bare machine has one core for each virtual processor");
        }
        if (serviceVm.isPresent() != host.hasServiceVm()
                || serviceVm.stream().anyMatch(vm -> vm.vcpus().size() != 1)) {
            throw new IllegalArgumentException("a service VM is there where it answers, with one virtual processor");
        }
    }

    /** Without devices. */
    public MachineSpec(
            long memoryBytes,
            int pageLevels,
            int sockets,
            int cores,
            CoreSpec core,
            Optional<HypervisorSpec> hypervisor,
            HostSpec host,
            Optional<VmSpec> serviceVm,
            List<VmSpec> vms) {
        this(memoryBytes, pageLevels, sockets, cores, core, hypervisor, host, serviceVm, vms, List.of());
    }

    /** The hypervisor runs on the machine itself, and answers all by itself. */
    public MachineSpec(
            long memoryBytes,
            int pageLevels,
            int sockets,
            int cores,
            CoreSpec core,
            Optional<HypervisorSpec> hypervisor,
            List<VmSpec> vms) {
        this(memoryBytes, pageLevels, sockets, cores, core, hypervisor, HostSpec.BARE_METAL, Optional.empty(), vms);
    }

    /** One core, and 4 levels of page tables. */
    public MachineSpec(long memoryBytes, CoreSpec core, Optional<HypervisorSpec> hypervisor, List<VmSpec> vms) {
        this(memoryBytes, PageTable.LEVELS, 1, 1, core, hypervisor, vms);
    }

    /** The guests, and the service VM after them. */
    List<VmSpec> allVms() {
        return Stream.concat(vms.stream(), serviceVm.stream()).toList();
    }

    /** The socket of a core. */
    int socketOf(int coreNumber) {
        return coreNumber / (cores / sockets);
    }

    /** Memory near each socket. */
    long socketMemoryBytes() {
        return memoryBytes / sockets;
    }

    /**
     * How far one core may be ahead of another: nothing that one does has an effect on another before that. Cores whose
     * VMs have one virtual processor each, and that share no cache, only take waiting virtual processors over from each
     * other, which no scheduler does at once.
     */
    long lookaheadCycles() {
        boolean apart = core.caches().isEmpty()
                && serviceVm.isEmpty()
                && devices.isEmpty()
                && vms.stream().allMatch(vm -> vm.vcpus().size() == 1);
        return apart ? TAKE_OVER_CYCLES : core.costs().interprocessorInterrupt();
    }
}
