package hvsim.vmm.cpu;

import hvsim.vmm.cpu.translation.TranslationSpec;
import hvsim.vmm.memory.shadow.ShadowSpec;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.Optional;

/**
 * A hypervisor that translates the kernels of its guests.
 *
 * @param traps what it does about what traps all the same
 */
public record TranslatingSpec(DeprivilegedSpec traps, TranslationSpec translation) implements HypervisorSpec {
    public TranslatingSpec {
        if (traps.kernel() != DeprivilegedSpec.Kernel.TRANSLATED) {
            throw new IllegalArgumentException("a kernel is translated, and runs " + traps.kernel());
        }
    }

    @Override
    public SchedulerSpec scheduler() {
        return traps.scheduler();
    }

    @Override
    public Optional<ShadowSpec> shadow() {
        return traps.shadow();
    }
}
