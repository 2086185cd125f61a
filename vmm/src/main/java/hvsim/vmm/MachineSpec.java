package hvsim.vmm;

import hvsim.cpu.CoreSpec;
import hvsim.ept.PageTable;
import hvsim.vmm.cpu.HardwareSpec;
import java.util.List;
import java.util.Optional;

/**
 * One machine with all that runs on it.
 *
 * @param memoryBytes machine memory
 * @param pageLevels of all tables: of guests, of the hypervisor's own, of the second stage; 4 or 5
 * @param hypervisor empty for a bare machine, which runs one VM's program
 */
public record MachineSpec(
        long memoryBytes, int pageLevels, CoreSpec core, Optional<HardwareSpec> hypervisor, List<VmSpec> vms) {
    public MachineSpec {
        vms = List.copyOf(vms);
        if (pageLevels != 4 && pageLevels != 5) {
            throw new IllegalArgumentException(pageLevels + " levels of page tables; 4 or 5 are possible");
        }
        if (vms.isEmpty() || hypervisor.isEmpty() && vms.size() > 1) {
            throw new IllegalArgumentException(vms.size() + " VMs; a bare machine runs one, a hypervisor one or more");
        }
    }

    /** With 4 levels of page tables. */
    public MachineSpec(long memoryBytes, CoreSpec core, Optional<HardwareSpec> hypervisor, List<VmSpec> vms) {
        this(memoryBytes, PageTable.LEVELS, core, hypervisor, vms);
    }
}
