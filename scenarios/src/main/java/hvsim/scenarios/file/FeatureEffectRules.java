package hvsim.scenarios.file;

import hvsim.cpu.vmx.ExitReason;
import hvsim.vmm.cpu.HardwareSpec.Feature;
import java.util.List;
import java.util.function.Predicate;

/**
 * Features of a hypervisor that can have no effect, and what it takes to handle exits that its features rule out. Paths from
 * the top of the scenario.
 */
final class FeatureEffectRules {
    static final List<EffectRule<Scenario>> OF_SCENARIO = List.of(
            new EffectRule<>(
                    "hypervisor.features.invlpg_exiting hypervisor.features.cr3_load_exiting"
                            + " hypervisor.features.cr3_store_exiting",
                    "with hypervisor.memory 'shadow', which needs all three",
                    FeatureEffectRules::isShadow),
            new EffectRule<>(
                    "machine.features.unrestricted_guest hypervisor.features.unrestricted_guest",
                    "without VMs in mode 'real'",
                    s -> s.vms().values().stream().noneMatch(vm -> vm.mode() == OperatingMode.REAL)),
            new EffectRule<>(
                    "machine.features.unrestricted_guest hypervisor.features.unrestricted_guest",
                    "with hypervisor.memory 'shadow'",
                    FeatureEffectRules::isShadow),
            new EffectRule<>(
                    "hypervisor.features.pause_loop_exiting",
                    "with hypervisor.features.pause_exiting on",
                    s -> uses(s, Feature.PAUSE_EXITING)),
            new EffectRule<>(
                    "machine.features.vmcs_shadowing hypervisor.features.vmcs_shadowing",
                    "without a VM that has a hypervisor of its own",
                    s -> s.vms().values().stream()
                            .noneMatch(vm -> vm.hypervisor().isPresent())),
            new EffectRule<>(
                    "machine.features.tpr_shadow machine.features.virtual_interrupts"
                            + " machine.features.posted_interrupts machine.features.ipi_virtualization"
                            + " hypervisor.features.tpr_shadow hypervisor.features.virtual_interrupts"
                            + " hypervisor.features.apic_registers hypervisor.features.posted_interrupts"
                            + " hypervisor.features.ipi_virtualization",
                    "where all VMs have a hypervisor of their own",
                    s -> s.vms().values().stream()
                            .allMatch(vm -> vm.hypervisor().isPresent())),
            without(
                    ExitReason.EXCEPTION_NMI,
                    "exception_bitmap [] and memory other than 'shadow'",
                    s -> !isShadow(s)
                            && s.hypervisor().features().exceptionBitmap().isEmpty()),
            without(ExitReason.HLT, "hlt_exiting off", s -> !uses(s, Feature.HLT_EXITING)),
            without(
                    ExitReason.INVLPG,
                    "invlpg_exiting off and memory other than 'shadow'",
                    s -> !isShadow(s) && !uses(s, Feature.INVLPG_EXITING)),
            without(ExitReason.RDTSC, "rdtsc_exiting off", s -> !uses(s, Feature.RDTSC_EXITING)),
            without(
                    ExitReason.PAUSE_INSTRUCTION,
                    "pause_exiting and pause_loop_exiting off",
                    s -> !uses(s, Feature.PAUSE_EXITING) && !uses(s, Feature.PAUSE_LOOP_EXITING)),
            without(ExitReason.PREEMPTION_TIMER, "preemption_timer off", s -> !uses(s, Feature.PREEMPTION_TIMER)));

    private FeatureEffectRules() {}

    private static EffectRule<Scenario> without(ExitReason reason, String features, Predicate<Scenario> off) {
        return new EffectRule<>("hypervisor.cycles." + reason.name(), "with hypervisor.features." + features, off);
    }

    private static boolean isShadow(Scenario scenario) {
        return scenario.hypervisor().memory() == MemoryTechnique.SHADOW;
    }

    private static boolean uses(Scenario scenario, Feature feature) {
        return scenario.hypervisor().features().has(feature);
    }
}
