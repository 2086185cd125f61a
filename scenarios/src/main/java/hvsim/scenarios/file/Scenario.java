package hvsim.scenarios.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One configuration, complete and checked: every default filled in, every unit resolved.
 *
 * @param name of the file, without folder and suffix
 * @param about empty if the file has none
 * @param vms by name, in the order of the file
 * @param compare what each run changes: run to path to value, in the order of the file
 */
public record Scenario(
        String name,
        String title,
        String about,
        MachineConfig machine,
        HypervisorConfig hypervisor,
        Map<String, VmConfig> vms,
        WorkloadConfig workload,
        RunConfig run,
        Map<String, Map<String, Object>> compare,
        List<ExpectLine> expect) {

    /** Every single VM: {@code web} with count 3 is {@code web-1}, {@code web-2}, {@code web-3}. */
    public Map<String, VmConfig> singleVms() {
        Map<String, VmConfig> all = new LinkedHashMap<>();
        vms.forEach((name, vm) -> {
            for (int i = 1; i <= vm.count(); i++) {
                all.put(vm.count() == 1 ? name : name + "-" + i, vm.single());
            }
        });
        return all;
    }

    /** How many operations each virtual processor of that VM does at most; empty: until its trace or the time ends. */
    public OptionalLong operations(VmConfig vm) {
        if (!vm.workload().phases().isEmpty()) {
            return vm.workload().phaseOperations();
        }
        boolean untilOtherwise = run.time().isPresent() || vm.workload().references() instanceof References.Recorded;
        return run.operations().isPresent() || untilOtherwise
                ? run.operations()
                : OptionalLong.of(RunConfig.DEFAULT_OPERATIONS);
    }
}
