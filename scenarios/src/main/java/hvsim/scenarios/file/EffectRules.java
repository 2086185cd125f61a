package hvsim.scenarios.file;

import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Passage;
import hvsim.cpu.vmx.ExitReason;
import hvsim.scenarios.file.References.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every key whose value can have no effect, and the values of others under which it has none. */
final class EffectRules {
    private EffectRules() {}

    /** A VM of a scenario. */
    record Guest(Scenario scenario, VmConfig vm) {}

    /** Paths from the top of the scenario. */
    static final List<EffectRule<Scenario>> OF_SCENARIO = List.of(
            natively("machine.features.ept machine.features.vpid machine.features.ept_accessed_dirty"
                    + " machine.features.unrestricted_guest machine.features.preemption_timer machine.features.tpr_shadow"
                    + " machine.features.virtual_interrupts machine.features.posted_interrupts"
                    + " machine.features.ipi_virtualization machine.features.pause_loop_exiting"
                    + " machine.fracture_flush"),
            new EffectRule<>("machine.sockets", "with machine.walk.cost 'fixed'", s -> !hasCaches(s)),
            new EffectRule<>(
                    "machine.walk.guest_cache.pml5e machine.walk.second_stage_cache.pml5e",
                    "with machine.page_levels 4",
                    s -> s.machine().pageLevels() == 4),
            natively("machine.walk.second_stage_cache machine.walk.nested_tlb"),
            new EffectRule<>(
                    "machine.walk.second_stage_cache machine.walk.nested_tlb machine.features.ept"
                            + " machine.features.ept_accessed_dirty hypervisor.features.ept_accessed_dirty"
                            + " hypervisor.cycles.EPT_VIOLATION hypervisor.cycles.EPT_MISCONFIG",
                    "with hypervisor.memory 'shadow'",
                    EffectRules::isShadow),
            new EffectRule<>(
                    "machine.walk.second_stage_cache machine.walk.nested_tlb",
                    "with hypervisor.memory 'direct'",
                    EffectRules::isDirect),
            new EffectRule<>(
                    "hypervisor.paravirtual.* hypervisor.cycles.HYPERCALL",
                    "with hypervisor.cpu other than 'paravirtual'",
                    s -> s.hypervisor().cpu() != CpuTechnique.PARAVIRTUAL),
            new EffectRule<>(
                    "hypervisor.shadow.* hypervisor.cycles.shadow",
                    "with hypervisor.memory other than 'shadow'",
                    s -> !isShadow(s)),
            new EffectRule<>("machine.walk.fixed_cycles", "with machine.walk.cost 'caches'", EffectRules::hasCaches),
            new EffectRule<>(
                    "machine.walk.walkers",
                    "with machine.walk.overlap 0%",
                    s -> s.machine().walk().overlap().fraction().signum() == 0),
            new EffectRule<>(
                    "machine.caches machine.cycles.memory machine.cycles.memory_remote",
                    "with machine.walk.cost 'fixed'",
                    s -> !hasCaches(s)),
            new EffectRule<>(
                    "machine.caches.l2.ways machine.caches.l2.hit_cycles",
                    "with machine.caches.l2.size 0B",
                    s -> hasCaches(s) && s.machine().caches().l2().size().bytes() == 0),
            new EffectRule<>(
                    "machine.caches.l3.ways machine.caches.l3.hit_cycles",
                    "with machine.caches.l3.size 0B",
                    s -> hasCaches(s) && s.machine().caches().l3().size().bytes() == 0),
            new EffectRule<>(
                    "machine.cycles.memory_remote",
                    "with machine.sockets 1",
                    s -> s.machine().sockets() == 1),
            natively("machine.cycles.vm_exit machine.cycles.vm_entry"),
            deprivileged("machine.cycles.vm_exit machine.cycles.vm_entry hypervisor.features.*"
                    + " hypervisor.handlers.short_path hypervisor.handlers.timer_advance"
                    + " machine.features.ept machine.features.vpid machine.features.ept_accessed_dirty"
                    + " machine.features.unrestricted_guest machine.features.preemption_timer machine.features.tpr_shadow"
                    + " machine.features.virtual_interrupts machine.features.posted_interrupts"
                    + " machine.features.ipi_virtualization machine.features.pause_loop_exiting"),
            deprivileged(names(ExitReason.values())),
            new EffectRule<>(
                    "machine.cycles.trap machine.cycles.trap_return " + trapNames(),
                    "with hypervisor.cpu other than 'trap_and_emulate', 'binary_translation' and 'paravirtual'",
                    s -> !isDeprivileged(s)),
            new EffectRule<>(
                    "machine.features.segment_limits hypervisor.translation.* hypervisor.cycles.translate"
                            + " hypervisor.cycles.look_up "
                            + names(TrapReason.CALLOUT),
                    "with hypervisor.cpu other than 'binary_translation'",
                    s -> s.hypervisor().cpu() != CpuTechnique.BINARY_TRANSLATION),
            new EffectRule<>(
                    "machine.features.segment_limits",
                    "without VMs in mode 'long', for the segments of the others have limits anyway",
                    s -> s.vms().values().stream().noneMatch(vm -> vm.mode() == OperatingMode.LONG)),
            natively("hypervisor.scheduler.* hypervisor.features.* hypervisor.handlers.* hypervisor.cycles.*"),
            new EffectRule<>(
                    "hypervisor.handlers.short_path",
                    "without workload.kernel.timer, wrmsr and VMs of several vcpus",
                    s -> !hasTimers(s) && s.vms().values().stream().allMatch(vm -> vm.vcpus() == 1)),
            new EffectRule<>(
                    "hypervisor.handlers.timer_advance", "without workload.kernel.timer and wrmsr", s -> !hasTimers(s)),
            new EffectRule<>(
                    "hypervisor.device",
                    "without devices that VMs use",
                    s -> s.vms().values().stream().allMatch(vm -> vm.devices().isEmpty())),
            natively("hypervisor.device"),
            new EffectRule<>(
                    "run.lenient",
                    "without a trace",
                    s -> s.vms().values().stream()
                            .flatMap(vm -> vm.workload().allReferences().stream())
                            .noneMatch(Recorded.class::isInstance)));

    /** Paths from {@code machine.tlb.NAME}. */
    static final List<EffectRule<TlbConfig>> OF_TLB = List.of(
            new EffectRule<>("replacement", "with ways 1", tlb -> tlb.ways() == 1),
            new EffectRule<>("set_index", "with ways full", tlb -> tlb.sets() == 1));

    /** Paths from {@code vms.NAME}. */
    static final List<EffectRule<Guest>> OF_VM = List.of(
            new EffectRule<>("pin weight host_page backing", "with hypervisor.cpu 'native'", g -> isNative(g.scenario)),
            new EffectRule<>("host_page backing", "with hypervisor.memory 'direct'", g -> isDirect(g.scenario)),
            new EffectRule<>(
                    "pin", "with machine.cores 1", g -> g.scenario.machine().cores() == 1),
            new EffectRule<>(
                    "weight",
                    "with hypervisor.scheduler.policy 'round_robin'",
                    g -> g.scenario.hypervisor().scheduler().policy() == SchedulerPolicy.ROUND_ROBIN));

    /** Paths from {@code vms.NAME.devices.NAME}. */
    static final List<EffectRule<Guest>> OF_VM_DEVICE =
            List.of(new EffectRule<>("technique", "with hypervisor.cpu 'native'", g -> isNative(g.scenario)));

    private static EffectRule<Scenario> natively(String keys) {
        return new EffectRule<>(keys, "with hypervisor.cpu 'native'", EffectRules::isNative);
    }

    private static EffectRule<Scenario> deprivileged(String keys) {
        return new EffectRule<>(
                keys,
                "with hypervisor.cpu 'trap_and_emulate', 'binary_translation' and 'paravirtual'",
                EffectRules::isDeprivileged);
    }

    private static boolean isDeprivileged(Scenario scenario) {
        return scenario.hypervisor().cpu().isDeprivileging();
    }

    /** Those that need no translator and no changed kernel. */
    private static String trapNames() {
        return names(Stream.of(TrapReason.values())
                .filter(reason -> reason != TrapReason.CALLOUT && reason != TrapReason.HYPERCALL)
                .toArray(TrapReason[]::new));
    }

    private static String names(Passage... reasons) {
        return Stream.of(reasons)
                .map(reason -> "hypervisor.cycles." + reason.name())
                .collect(Collectors.joining(" "));
    }

    private static boolean isNative(Scenario scenario) {
        return scenario.hypervisor().cpu() == CpuTechnique.NATIVE;
    }

    private static boolean isShadow(Scenario scenario) {
        return scenario.hypervisor().memory() == MemoryTechnique.SHADOW;
    }

    private static boolean isDirect(Scenario scenario) {
        return scenario.hypervisor().memory() == MemoryTechnique.DIRECT;
    }

    private static boolean hasCaches(Scenario scenario) {
        return scenario.machine().walk().cost() == WalkCost.CACHES;
    }

    /** Whether anything can arm a guest's timer, or send an interrupt. */
    private static boolean hasTimers(Scenario scenario) {
        return scenario.vms().values().stream()
                .map(VmConfig::workload)
                .anyMatch(workload -> workload.kernel().timer().isPresent() || executes(workload, Instruction.WRMSR));
    }

    private static boolean executes(WorkloadConfig workload, Instruction instruction) {
        List<WorkloadConfig.InstructionRate> all = new ArrayList<>(workload.instructions());
        workload.phases().values().forEach(phase -> all.addAll(phase.instructions()));
        return all.stream().anyMatch(entry -> entry.instruction() == instruction);
    }
}
