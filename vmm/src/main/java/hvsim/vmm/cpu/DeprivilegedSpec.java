package hvsim.vmm.cpu;

import hvsim.cpu.event.TrapReason;
import hvsim.vmm.memory.shadow.ShadowSpec;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.Map;
import java.util.Optional;

/**
 * A hypervisor that runs its guests at CPL 3, and what its own work takes.
 *
 * @param dispatchCycles software's work at every trap
 * @param cycles software's further work by reason; missing ones take none
 * @param scheduler how virtual processors take turns
 * @param tables how it keeps its shadow tables
 */
public record DeprivilegedSpec(
        int dispatchCycles, Map<TrapReason, Integer> cycles, SchedulerSpec scheduler, ShadowSpec tables)
        implements HypervisorSpec {
    /** A virtual processor's kernel and user have a root each, and one more is left while another is entered. */
    private static final int LEAST_ROOTS = 3;

    public DeprivilegedSpec {
        cycles = Map.copyOf(cycles);
        if (dispatchCycles < 0) {
            throw new IllegalArgumentException("a cost is negative");
        }
        if (tables.roots() < LEAST_ROOTS) {
            throw new IllegalArgumentException("deprivileged guests need " + LEAST_ROOTS + " shadow roots");
        }
    }

    @Override
    public Optional<ShadowSpec> shadow() {
        return Optional.of(tables);
    }

    int cyclesOf(TrapReason reason) {
        return dispatchCycles + cycles.getOrDefault(reason, 0);
    }
}
