package hvsim.scenarios.file;

import hvsim.cpu.KernelEvent;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Passage;
import hvsim.cpu.vmx.ExitReason;
import hvsim.scenarios.file.References.Recorded;
import hvsim.scenarios.file.References.Synthetic;
import hvsim.scenarios.file.WorkloadConfig.PhaseConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every key whose value can have no effect, and the values of others under which it has none. */
final class EffectRules {
    private EffectRules() {}

    /** A VM of a scenario. */
    record Guest(Scenario scenario, VmConfig vm) {}

    /**
     * A kernel of a VM.
     *
     * @param events those that come at all, in any phase
     */
    record Kernel(VmConfig vm, Set<KernelEvent> events) {
        static Kernel of(VmConfig vm) {
            Set<KernelEvent> events = new TreeSet<>();
            Map<String, PhaseConfig> phases = vm.workload().phases();
            if (phases.isEmpty()) {
                events.addAll(vm.workload().kernel().rates().keySet());
            }
            phases.values()
                    .forEach(phase -> events.addAll(phase.kernel().rates().keySet()));
            return new Kernel(vm, events);
        }

        private boolean hasNone(KernelEvent... some) {
            return Set.of(some).stream().noneMatch(events::contains);
        }
    }

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
                    "hypervisor.features.invlpg_exiting hypervisor.features.cr3_load_exiting"
                            + " hypervisor.features.cr3_store_exiting",
                    "with hypervisor.memory 'shadow', which needs all three",
                    EffectRules::isShadow),
            new EffectRule<>(
                    "machine.walk.second_stage_cache machine.walk.nested_tlb",
                    "with hypervisor.memory 'direct'",
                    EffectRules::isDirect),
            new EffectRule<>(
                    "hypervisor.paravirtual.* hypervisor.cycles.HYPERCALL",
                    "with hypervisor.cpu other than 'paravirtual'",
                    s -> s.hypervisor().cpu() != CpuTechnique.PARAVIRTUAL),
            new EffectRule<>("hypervisor.shadow.*", "with hypervisor.memory other than 'shadow'", s -> !isShadow(s)),
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
                    "machine.features.unrestricted_guest hypervisor.features.unrestricted_guest",
                    "without VMs in mode 'real'",
                    s -> s.vms().values().stream().noneMatch(vm -> vm.mode() == OperatingMode.REAL)),
            new EffectRule<>(
                    "machine.features.unrestricted_guest hypervisor.features.unrestricted_guest",
                    "with hypervisor.memory 'shadow'",
                    EffectRules::isShadow),
            new EffectRule<>(
                    "hypervisor.features.pause_loop_exiting",
                    "with hypervisor.features.pause_exiting on",
                    s -> features(s).pauseExiting()),
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
            new EffectRule<>(
                    "hypervisor.handlers.short_path",
                    "without workload.kernel.timer, wrmsr and VMs of several vcpus",
                    s -> !hasTimers(s) && s.vms().values().stream().allMatch(vm -> vm.vcpus() == 1)),
            new EffectRule<>(
                    "hypervisor.handlers.timer_advance", "without workload.kernel.timer and wrmsr", s -> !hasTimers(s)),
            without(
                    ExitReason.EXCEPTION_NMI,
                    "exception_bitmap [] and memory other than 'shadow'",
                    s -> !isShadow(s) && features(s).exceptionBitmap().isEmpty()),
            without(ExitReason.HLT, "hlt_exiting off", s -> !features(s).hltExiting()),
            without(
                    ExitReason.INVLPG,
                    "invlpg_exiting off and memory other than 'shadow'",
                    s -> !isShadow(s) && !features(s).invlpgExiting()),
            without(ExitReason.RDTSC, "rdtsc_exiting off", s -> !features(s).rdtscExiting()),
            without(
                    ExitReason.PAUSE_INSTRUCTION,
                    "pause_exiting and pause_loop_exiting off",
                    s -> !features(s).pauseExiting() && !features(s).pauseLoopExiting()),
            without(
                    ExitReason.PREEMPTION_TIMER,
                    "preemption_timer off",
                    s -> !features(s).preemptionTimer()),
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

    /** Paths from {@code references} of a workload or phase. */
    static final List<EffectRule<References>> OF_REFERENCES = List.of(
            new EffectRule<>(
                    "working_set skew stride hot hits run writes fetches", "with a trace", Recorded.class::isInstance),
            new EffectRule<>("repeat", "without a trace", Synthetic.class::isInstance),
            onlyWith("skew", Pattern.ZIPF),
            onlyWith("stride", Pattern.STRIDE, Pattern.CHASE),
            onlyWith("hot hits", Pattern.HOTSPOT),
            onlyWith("run", Pattern.UNIFORM),
            new EffectRule<>(
                    "writes",
                    "with fetches 100%",
                    r -> r instanceof Synthetic s && s.fetches().toDouble() == 1));

    /** Paths from {@code kernel} of a workload. */
    static final List<EffectRule<Kernel>> OF_KERNEL = List.of(
            new EffectRule<>("pcid", "with vms.NAME.mode other than 'long'", k -> k.vm.mode() != OperatingMode.LONG),
            new EffectRule<>("processes", "without process_switch", k -> k.hasNone(KernelEvent.PROCESS_SWITCH)),
            new EffectRule<>(
                    "pages",
                    "without map, unmap and protect",
                    k -> k.hasNone(KernelEvent.MAP, KernelEvent.UNMAP, KernelEvent.PROTECT)),
            new EffectRule<>("syscall_by", "without syscall", k -> k.hasNone(KernelEvent.SYSCALL)),
            new EffectRule<>("lock_hold", "without lock", k -> k.hasNone(KernelEvent.LOCK)),
            new EffectRule<>("shootdown", "without unmap, protect, fork, exec and exit", EffectRules::keepsAll),
            new EffectRule<>("shootdown.lazy", "with vcpus 1", k -> !keepsAll(k) && k.vm.vcpus() == 1),
            new EffectRule<>(
                    "shootdown.lazy",
                    "without process_switch",
                    k -> !keepsAll(k) && k.hasNone(KernelEvent.PROCESS_SWITCH)));

    /** Paths from {@code hostile} of a workload. */
    static final List<EffectRule<Kernel>> OF_HOSTILE = List.of(new EffectRule<>(
            "interrupts_off_for", "without interrupts_off", k -> k.hasNone(KernelEvent.INTERRUPTS_OFF)));

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

    private static EffectRule<Scenario> without(ExitReason reason, String features, Predicate<Scenario> off) {
        return new EffectRule<>("hypervisor.cycles." + reason.name(), "with hypervisor.features." + features, off);
    }

    private static EffectRule<References> onlyWith(String keys, Pattern... patterns) {
        Set<Pattern> own = Set.of(patterns);
        List<String> words = new ArrayList<>();
        List.of(patterns).forEach(pattern -> words.add(pattern.word()));
        return new EffectRule<>(
                keys,
                "with a pattern other than " + String.join(" and ", words),
                r -> r instanceof Synthetic s && !own.contains(s.pattern()));
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

    private static Features features(Scenario scenario) {
        return scenario.hypervisor().features();
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

    /** Whether its tables never lose an entry or a right. */
    private static boolean keepsAll(Kernel kernel) {
        return kernel.hasNone(
                KernelEvent.UNMAP, KernelEvent.PROTECT, KernelEvent.FORK, KernelEvent.EXEC, KernelEvent.EXIT);
    }
}
