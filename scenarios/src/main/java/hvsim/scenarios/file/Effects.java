package hvsim.scenarios.file;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks a whole scenario through for keys without effect. What the user wrote in vain becomes a note: a line that
 * several VMs or phases share only if it is in vain for all of them. What nobody wrote is not shown, so that the shown
 * scenario, run again, has no other notes.
 */
final class Effects {
    private final Section top;

    /** Why each key has no effect; empty if it has one for somebody. */
    private final Map<Spot, Optional<String>> found = new LinkedHashMap<>();

    /** A key of a group as it was read. */
    private record Spot(Section group, String key) {
        Written written() {
            return new Written(group.keyAt(key), key);
        }
    }

    /** A key in a file, or of an option. */
    private record Written(Origin at, String key) {}

    private Effects(Section top) {
        this.top = top;
    }

    /** @param top of the scenario, after all in it was read */
    static void note(Section top, Scenario scenario) {
        Effects effects = new Effects(top);
        effects.judge(scenario);
        effects.tell();
    }

    private void judge(Scenario scenario) {
        List<EffectRule<Scenario>> rules = new ArrayList<>(EffectRules.OF_SCENARIO);
        rules.addAll(FeatureEffectRules.OF_SCENARIO);
        rules.addAll(HostEffectRules.OF_SCENARIO);
        rules.addAll(FillEffectRules.OF_SCENARIO);
        judge(rules, top, scenario);
        Section tlbs = top.group(List.of("machine", "tlb"));
        scenario.machine()
                .tlb()
                .forEach((name, tlb) -> tlbs.child(name).ifPresent(keys -> judge(EffectRules.OF_TLB, keys, tlb)));
        Set<String> used = new HashSet<>();
        scenario.vms().values().forEach(vm -> used.addAll(vm.devices().keySet()));
        scenario.machine()
                .devices()
                .keySet()
                .forEach(name -> judge(
                        List.of(new EffectRule<>(
                                name, "without a VM that uses it", (String device) -> !used.contains(device))),
                        top.group(List.of("machine", "devices")),
                        name));
        scenario.vms().forEach((name, vm) -> judge(scenario, top.group(List.of("vms", name)), vm));
    }

    private void judge(Scenario scenario, Section keys, VmConfig vm) {
        judge(EffectRules.OF_VM, keys, new EffectRules.Guest(scenario, vm));
        vm.devices()
                .keySet()
                .forEach(name -> judge(
                        EffectRules.OF_VM_DEVICE,
                        keys.group(List.of("devices", name)),
                        new EffectRules.Guest(scenario, vm)));
        Section workload = (keys.has("workload") ? keys : top).group(List.of("workload"));
        WorkloadEffectRules.Kernel kernel = WorkloadEffectRules.Kernel.of(vm);
        judge(WorkloadEffectRules.OF_KERNEL, workload.group(List.of("kernel")), kernel);
        judge(WorkloadEffectRules.OF_HOSTILE, workload.group(List.of("hostile")), kernel);
        vm.workload().phases().forEach((name, phase) -> {
            Section own = workload.group(List.of("phases", name));
            judge(WorkloadEffectRules.OF_REFERENCES, own.group(List.of("references")), phase.references());
            judge(WorkloadEffectRules.OF_KERNEL, own.group(List.of("kernel")), kernel);
            judge(WorkloadEffectRules.OF_HOSTILE, own.group(List.of("hostile")), kernel);
        });
        if (vm.workload().phases().isEmpty()) {
            judge(
                    WorkloadEffectRules.OF_REFERENCES,
                    workload.group(List.of("references")),
                    vm.workload().references());
        }
    }

    /** The first rule that applies tells why. */
    private <S> void judge(List<EffectRule<S>> rules, Section group, S subject) {
        Map<Spot, Optional<String>> here = new LinkedHashMap<>();
        for (EffectRule<S> rule : rules) {
            Optional<String> why = rule.idle().test(subject) ? Optional.of(rule.why()) : Optional.empty();
            for (String path : rule.paths()) {
                spots(group, path).forEach(spot -> here.merge(spot, why, (first, next) -> first.or(() -> next)));
            }
        }
        here.forEach((spot, why) -> found.merge(spot, why, (one, other) -> one.flatMap(unused -> other)));
    }

    private static List<Spot> spots(Section group, String path) {
        int dot = path.indexOf('.');
        if (dot >= 0) {
            return group.child(path.substring(0, dot))
                    .map(inner -> spots(inner, path.substring(dot + 1)))
                    .orElse(List.of());
        }
        return path.equals("*")
                ? group.plain().keySet().stream()
                        .map(key -> new Spot(group, key))
                        .toList()
                : List.of(new Spot(group, path));
    }

    private void tell() {
        Set<Written> told = new HashSet<>();
        found.forEach((spot, why) -> {
            if (why.isEmpty()) {
                told.add(spot.written());
            }
        });
        found.forEach((spot, why) -> {
            if (why.isEmpty()) {
                return;
            }
            if (spot.group().isWritten(spot.key()) && told.add(spot.written())) {
                spot.group().noEffect(spot.key(), why.get());
            } else {
                spot.group().hide(spot.key());
            }
        });
    }
}
