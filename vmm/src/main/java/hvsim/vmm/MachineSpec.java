package hvsim.vmm;

import hvsim.cpu.CoreSpec;
import hvsim.vmm.cpu.HardwareSpec;
import java.util.List;
import java.util.Optional;

/**
 * One machine with all that runs on it.
 *
 * @param memoryBytes machine memory
 * @param hypervisor empty for a bare machine, which runs one VM's program
 */
public record MachineSpec(long memoryBytes, CoreSpec core, Optional<HardwareSpec> hypervisor, List<VmSpec> vms) {
    public MachineSpec {
        vms = List.copyOf(vms);
        if (vms.isEmpty() || hypervisor.isEmpty() && vms.size() > 1) {
            throw new IllegalArgumentException(vms.size() + " VMs; a bare machine runs one, a hypervisor one or more");
        }
    }
}
