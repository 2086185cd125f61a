package hvsim.scenarios.file;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The names of what is measured: together with the metrics of each, all that {@code expect} can speak of.
 *
 * @param runs without the native one
 * @param tlbs of any run; an array beside another is counted under the other's name
 * @param vms single ones, of any run
 * @param vcpus numbers of virtual processors, of any VM
 * @param phases of any workload
 * @param devices that any VM uses
 */
public record MeasuredNames(
        Set<String> runs,
        Set<String> tlbs,
        Set<String> vms,
        Set<String> vcpus,
        Set<String> phases,
        Set<String> devices) {
    /** Without devices. */
    public MeasuredNames(Set<String> runs, Set<String> tlbs, Set<String> vms, Set<String> vcpus, Set<String> phases) {
        this(runs, tlbs, vms, vcpus, phases, Set.of());
    }

    static MeasuredNames of(List<Loaded.Point> points) {
        MeasuredNames names = new MeasuredNames(
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>());
        points.forEach(point -> point.runs().forEach(names::add));
        return names;
    }

    private void add(VmConfig vm) {
        IntStream.range(0, vm.vcpus()).mapToObj(Integer::toString).forEach(vcpus::add);
        phases.addAll(vm.workload().phases().keySet());
        devices.addAll(vm.devices().keySet());
    }

    private void add(Loaded.Run run) {
        Scenario scenario = run.configured().scenario();
        runs.add(run.name());
        scenario.machine().tlb().entrySet().stream()
                .filter(tlb -> tlb.getValue().beside().isEmpty())
                .map(Map.Entry::getKey)
                .forEach(tlbs::add);
        vms.addAll(scenario.singleVms().keySet());
        scenario.vms().values().forEach(this::add);
    }
}
