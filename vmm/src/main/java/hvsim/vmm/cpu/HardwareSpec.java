package hvsim.vmm.cpu;

import hvsim.cpu.vmx.ExitReason;
import hvsim.vmm.interrupt.ApicFeatures;
import hvsim.vmm.memory.shadow.ShadowSpec;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a hardware-assisted hypervisor sets its guests up, and what its own work takes.
 *
 * @param features VM-execution controls and structures in use
 * @param exceptionBitmap bit v: exception v exits
 * @param dispatchCycles software's work at every exit
 * @param cycles software's further work by reason; missing ones take none
 * @param scheduler how virtual processors take turns
 * @param handlers how its handlers are written
 * @param shadow how shadow tables are kept; without it paging is nested
 */
public record HardwareSpec(
        Set<Feature> features,
        int exceptionBitmap,
        int dispatchCycles,
        Map<ExitReason, Integer> cycles,
        SchedulerSpec scheduler,
        HandlerSpec handlers,
        Optional<ShadowSpec> shadow)
        implements HypervisorSpec {
    public HardwareSpec {
        features = Set.copyOf(features);
        cycles = Map.copyOf(cycles);
        if (dispatchCycles < 0) {
            throw new IllegalArgumentException("a cost is negative");
        }
    }

    /** With plain handlers and nested paging. */
    public HardwareSpec(
            Set<Feature> features,
            int exceptionBitmap,
            int dispatchCycles,
            Map<ExitReason, Integer> cycles,
            SchedulerSpec scheduler) {
        this(features, exceptionBitmap, dispatchCycles, cycles, scheduler, HandlerSpec.PLAIN, Optional.empty());
    }

    /** Switches, by the names of scenario files in capitals. */
    public enum Feature {
        VPID,
        EPT_ACCESSED_DIRTY,
        MSR_BITMAP,
        IO_BITMAP,
        PREEMPTION_TIMER,
        HLT_EXITING,
        RDTSC_EXITING,
        PAUSE_EXITING,
        INVLPG_EXITING,
        CR3_LOAD_EXITING,
        CR3_STORE_EXITING,
        TPR_SHADOW,
        APIC_REGISTERS,
        VIRTUAL_INTERRUPTS,
        POSTED_INTERRUPTS,
        IPI_VIRTUALIZATION,
        PAUSE_LOOP_EXITING,
        VMCS_SHADOWING,
        UNRESTRICTED_GUEST
    }

    public ApicFeatures apicFeatures() {
        return new ApicFeatures(
                has(Feature.TPR_SHADOW),
                has(Feature.APIC_REGISTERS),
                has(Feature.VIRTUAL_INTERRUPTS),
                has(Feature.POSTED_INTERRUPTS),
                has(Feature.IPI_VIRTUALIZATION));
    }

    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    public int cyclesOf(ExitReason reason) {
        return cycles.getOrDefault(reason, 0);
    }
}
