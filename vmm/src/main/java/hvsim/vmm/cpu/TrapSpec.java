package hvsim.vmm.cpu;

import hvsim.cpu.event.TrapReason;

/** A hypervisor that deprivileges its guests. */
public sealed interface TrapSpec extends HypervisorSpec permits DeprivilegedSpec, ParavirtualSpec {
    /** How the guests' kernels run. */
    DeprivilegedSpec.Kernel kernel();

    /** Software's own work for a passage of that reason. */
    int cyclesOf(TrapReason reason);
}
