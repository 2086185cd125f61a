package hvsim.vmm.cpu;

import hvsim.cpu.event.TrapReason;
import hvsim.vmm.memory.shadow.ShadowSpec;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.Map;
import java.util.Optional;

/**
 * A hypervisor that its guests' kernels were changed for, and what its own work takes.
 *
 * @param kernel where the guests' kernels run
 * @param dispatchCycles software's work at every passage
 * @param cycles software's further work by reason; missing ones take none
 * @param scheduler how virtual processors take turns
 * @param batch the most operations that a kernel asks for in one hypercall
 */
public record ParavirtualSpec(
        DeprivilegedSpec.Kernel kernel,
        int dispatchCycles,
        Map<TrapReason, Integer> cycles,
        SchedulerSpec scheduler,
        int batch)
        implements TrapSpec {
    public ParavirtualSpec {
        cycles = Map.copyOf(cycles);
        if (dispatchCycles < 0) {
            throw new IllegalArgumentException("a cost is negative");
        }
        if (kernel == DeprivilegedSpec.Kernel.TRANSLATED) {
            throw new IllegalArgumentException("a kernel that was changed is not translated");
        }
        if (batch < 1) {
            throw new IllegalArgumentException("a hypercall carries one operation at least");
        }
    }

    /** There are none: its guests' tables are the hardware's. */
    @Override
    public Optional<ShadowSpec> shadow() {
        return Optional.empty();
    }

    @Override
    public int cyclesOf(TrapReason reason) {
        return dispatchCycles + cycles.getOrDefault(reason, 0);
    }
}
