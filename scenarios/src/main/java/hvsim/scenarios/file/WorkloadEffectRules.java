package hvsim.scenarios.file;

import hvsim.cpu.KernelEvent;
import hvsim.scenarios.file.References.Recorded;
import hvsim.scenarios.file.References.Synthetic;
import hvsim.scenarios.file.WorkloadConfig.PhaseConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Keys of workloads that can have no effect. */
final class WorkloadEffectRules {
    private WorkloadEffectRules() {}

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
            new EffectRule<>("shootdown", "without unmap, protect, fork, exec and exit", WorkloadEffectRules::keepsAll),
            new EffectRule<>("shootdown.lazy", "with vcpus 1", k -> !keepsAll(k) && k.vm.vcpus() == 1),
            new EffectRule<>(
                    "shootdown.lazy",
                    "without process_switch",
                    k -> !keepsAll(k) && k.hasNone(KernelEvent.PROCESS_SWITCH)));

    /** Paths from {@code hostile} of a workload. */
    static final List<EffectRule<Kernel>> OF_HOSTILE = List.of(new EffectRule<>(
            "interrupts_off_for", "without interrupts_off", k -> k.hasNone(KernelEvent.INTERRUPTS_OFF)));

    private static EffectRule<References> onlyWith(String keys, Pattern... patterns) {
        Set<Pattern> own = Set.of(patterns);
        List<String> words = new ArrayList<>();
        List.of(patterns).forEach(pattern -> words.add(pattern.word()));
        return new EffectRule<>(
                keys,
                "with a pattern other than " + String.join(" and ", words),
                r -> r instanceof Synthetic s && !own.contains(s.pattern()));
    }

    /** Whether its tables never lose an entry or a right. */
    private static boolean keepsAll(Kernel kernel) {
        return kernel.hasNone(
                KernelEvent.UNMAP, KernelEvent.PROTECT, KernelEvent.FORK, KernelEvent.EXEC, KernelEvent.EXIT);
    }
}
