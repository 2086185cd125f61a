package hvsim.vmm.cpu;

import hvsim.vmm.memory.shadow.ShadowSpec;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.Optional;

/** A hypervisor, by the way it runs its guests. */
public sealed interface HypervisorSpec permits HardwareSpec, TrapSpec, TranslatingSpec {
    /** How virtual processors take turns. */
    SchedulerSpec scheduler();

    /** How it keeps shadow tables, if it does. */
    Optional<ShadowSpec> shadow();
}
