package hvsim.scenarios.run;

import hvsim.cpu.Tally;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.VmConfig;
import hvsim.scenarios.run.RunResult.Counts;
import hvsim.scenarios.run.RunResult.DeviceCounts;
import hvsim.scenarios.run.RunResult.Interval;
import hvsim.scenarios.run.RunResult.VmCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what was counted into the results of a run. */
final class RunResults {
    static final String NATIVE = "native";

    private RunResults() {}

    /**
     * @param name of the run
     * @param natively the baseline; empty if none was made
     */
    static RunResult of(
            Scenario scenario,
            String name,
            int point,
            Map<String, Object> set,
            Outcome own,
            Optional<Outcome> natively) {
        boolean bare = CountsTable.isBare(scenario, name);
        Optional<Fidelity> fidelity = name.equals(NATIVE)
                ? Optional.empty()
                : natively.map(baseline -> Fidelity.of(own.vms(), baseline.vms()));
        CountsTable table = new CountsTable(scenario, bare);
        DeviceTable devices = new DeviceTable(scenario.machine().clock(), bare);
        return new RunResult(
                name,
                point,
                0,
                scenario.run().seed(),
                set,
                fidelity.map(f -> Fidelity.word(f.isKept())).orElse(null),
                fidelity.flatMap(Fidelity::first).orElse(null),
                natively.map(baseline -> slowdown(own, baseline)).orElse(null),
                bare ? null : own.violations().isEmpty() ? "held" : "violated",
                own.violations(),
                bare ? null : (Long) own.lostControlCycles(),
                table.of(own.total()),
                vms(own.vms(), fidelity, table, devices),
                phases(scenario, own.vms(), table),
                own.intervals().stream()
                        .map(one -> new Interval(one.startCycles(), one.endCycles(), table.of(one.counts())))
                        .toList(),
                devices(own.vms(), devices));
    }

    /** Each belongs to one VM. */
    private static Map<String, DeviceCounts> devices(List<VmTally> vms, DeviceTable table) {
        Map<String, DeviceCounts> all = new LinkedHashMap<>();
        vms.forEach(vm -> all.putAll(table.of(vm.devices())));
        return all;
    }

    /** Of one operation, where a time limit let one do more operations than the other. */
    private static @Nullable Double slowdown(Outcome own, Outcome baseline) {
        if (own.operations() == baseline.operations()) {
            return Ratio.of(own.totalCycles(), baseline.totalCycles());
        }
        return Ratio.ofRatios(own.totalCycles(), own.operations(), baseline.totalCycles(), baseline.operations());
    }

    private static Map<String, VmCounts> vms(
            List<VmTally> vms, Optional<Fidelity> fidelity, CountsTable table, DeviceTable devices) {
        Map<String, VmCounts> all = new LinkedHashMap<>();
        for (int i = 0; i < vms.size(); i++) {
            VmTally vm = vms.get(i);
            int number = i;
            all.put(
                    vm.name(),
                    new VmCounts(
                            table.of(vm.total()),
                            fidelity.map(f -> Fidelity.word(f.vms().get(number)))
                                    .orElse(null),
                            vm.touchedBytes(),
                            vm.waitingCycles(),
                            vcpus(vm, table),
                            devices.of(vm.devices())));
        }
        return all;
    }

    /** Of all virtual processors whose program has a phase of that name. */
    private static Map<String, Counts> phases(Scenario scenario, List<VmTally> vms, CountsTable table) {
        Map<String, List<Tally>> pieces = new LinkedHashMap<>();
        List<VmConfig> configs = List.copyOf(scenario.singleVms().values());
        for (int i = 0; i < vms.size(); i++) {
            List<String> names = List.copyOf(configs.get(i).workload().phases().keySet());
            for (int phase = 0; phase < names.size(); phase++) {
                List<Tally> all = pieces.computeIfAbsent(names.get(phase), name -> new ArrayList<>());
                for (VcpuTally vcpu : vms.get(i).vcpus()) {
                    all.add(vcpu.phase(phase));
                }
            }
        }
        Map<String, Counts> phases = new LinkedHashMap<>();
        pieces.forEach((name, all) -> phases.put(name, table.of(Tally.together(all))));
        return phases;
    }

    private static Map<String, Counts> vcpus(VmTally vm, CountsTable table) {
        Map<String, Counts> all = new LinkedHashMap<>();
        vm.vcpus().forEach(vcpu -> all.put(Integer.toString(all.size()), table.of(vcpu.total())));
        return all;
    }
}
