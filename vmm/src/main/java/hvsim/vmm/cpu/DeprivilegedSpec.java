package hvsim.vmm.cpu;

import hvsim.cpu.event.TrapReason;
import hvsim.vmm.memory.shadow.ShadowSpec;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.Map;
import java.util.Optional;

/**
 * A hypervisor that deprivileges its guests, and what its own work takes.
 *
 * @param kernel where the guests' kernels run
 * @param dispatchCycles software's work at every trap
 * @param cycles software's further work by reason; missing ones take none
 * @param scheduler how virtual processors take turns
 * @param tables how it keeps its shadow tables
 * @param fillsTlb whether it has none, and fills the TLB of a processor without page walker
 */
public record DeprivilegedSpec(
        Kernel kernel,
        int dispatchCycles,
        Map<TrapReason, Integer> cycles,
        SchedulerSpec scheduler,
        ShadowSpec tables,
        boolean fillsTlb)
        implements TrapSpec {
    /** Ways to run a kernel without privilege. */
    public enum Kernel {
        /** At CPL 3, as its users. */
        WITH_USER,
        /** At CPL 1, behind a segment limit. */
        RING_ONE,
        /** At CPL 1, and data segments alone are limited: what runs is the hypervisor's translation. */
        TRANSLATED
    }

    /** One is left while another is entered; at CPL 3 a virtual processor's kernel and user have a root each. */
    private static final int LEAST_ROOTS = 2;

    public DeprivilegedSpec {
        cycles = Map.copyOf(cycles);
        if (dispatchCycles < 0) {
            throw new IllegalArgumentException("a cost is negative");
        }
        int leastRoots = kernel == Kernel.WITH_USER ? LEAST_ROOTS + 1 : LEAST_ROOTS;
        if (tables.roots() < leastRoots) {
            throw new IllegalArgumentException("deprivileged guests need " + leastRoots + " shadow roots");
        }
    }

    /** With shadow tables. */
    public DeprivilegedSpec(
            Kernel kernel,
            int dispatchCycles,
            Map<TrapReason, Integer> cycles,
            SchedulerSpec scheduler,
            ShadowSpec tables) {
        this(kernel, dispatchCycles, cycles, scheduler, tables, false);
    }

    @Override
    public Optional<ShadowSpec> shadow() {
        return fillsTlb ? Optional.empty() : Optional.of(tables);
    }

    @Override
    public int cyclesOf(TrapReason reason) {
        return dispatchCycles + cycles.getOrDefault(reason, 0);
    }
}
