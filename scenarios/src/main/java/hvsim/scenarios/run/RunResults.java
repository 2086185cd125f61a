package hvsim.scenarios.run;

import hvsim.ept.WalkStats;
import hvsim.ept.cache.ServedBy;
import hvsim.scenarios.file.CacheHolds;
import hvsim.scenarios.file.CpuTechnique;
import hvsim.scenarios.file.References.Recorded;
import hvsim.scenarios.file.References.Synthetic;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.VmConfig;
import hvsim.scenarios.file.WalkCost;
import hvsim.scenarios.run.RunResult.Cycles;
import hvsim.scenarios.run.RunResult.Data;
import hvsim.scenarios.run.RunResult.Exits;
import hvsim.scenarios.run.RunResult.Faults;
import hvsim.scenarios.run.RunResult.Saved;
import hvsim.scenarios.run.RunResult.Served;
import hvsim.scenarios.run.RunResult.VmCounts;
import hvsim.scenarios.run.RunResult.Walks;
import hvsim.vmm.CoreCounts;
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
        boolean bare = name.equals(NATIVE) || scenario.hypervisor().cpu() == CpuTechnique.NATIVE;
        Optional<Fidelity> fidelity = name.equals(NATIVE)
                ? Optional.empty()
                : natively.map(baseline -> Fidelity.of(own.vms(), baseline.vms()));
        CoreCounts core = own.vcpus().stream().map(VcpuTally::core).reduce(CoreCounts.ZERO, CoreCounts::plus);
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
                own.operations(),
                sum(own.vcpus().stream().map(VcpuTally::cycles).toList()),
                exits(scenario, own.vcpus(), bare),
                new TlbTable(own.vcpus(), hasFetches(scenario)).of(scenario.machine()),
                walks(core, scenario),
                data(core, scenario),
                new Faults(own.vcpus().stream().mapToLong(VcpuTally::pageFaults).sum()),
                vms(scenario, own.vms(), fidelity, bare));
    }

    /** Of one operation, where a time limit let one do more operations than the other. */
    private static @Nullable Double slowdown(Outcome own, Outcome baseline) {
        if (own.operations() == baseline.operations()) {
            return Ratio.of(own.totalCycles(), baseline.totalCycles());
        }
        return Ratio.ofRatios(own.totalCycles(), own.operations(), baseline.totalCycles(), baseline.operations());
    }

    private static Map<String, Exits> exits(Scenario scenario, List<VcpuTally> vcpus, boolean bare) {
        return bare
                ? Map.of()
                : ExitTable.of(
                        vcpus.stream().map(VcpuTally::exits).toList(),
                        scenario.machine().vendor());
    }

    private static boolean hasFetches(Scenario scenario) {
        return scenario.vms().values().stream().anyMatch(RunResults::hasFetches);
    }

    private static boolean hasFetches(VmConfig vm) {
        return vm.workload().references() instanceof Recorded
                || vm.workload().references() instanceof Synthetic pattern
                        && pattern.fetches().fraction().signum() > 0;
    }

    private static Map<String, VmCounts> vms(
            Scenario scenario, List<VmTally> vms, Optional<Fidelity> fidelity, boolean bare) {
        Map<String, VmCounts> all = new LinkedHashMap<>();
        for (int i = 0; i < vms.size(); i++) {
            VmTally vm = vms.get(i);
            int number = i;
            all.put(
                    vm.name(),
                    new VmCounts(
                            vm.operations(),
                            sum(vm.vcpus().stream().map(VcpuTally::cycles).toList()),
                            exits(scenario, vm.vcpus(), bare),
                            fidelity.map(f -> Fidelity.word(f.vms().get(number)))
                                    .orElse(null),
                            vm.touchedBytes()));
        }
        return all;
    }

    private static boolean hasCaches(Scenario scenario) {
        return scenario.machine().walk().cost() == WalkCost.CACHES;
    }

    private static Data data(CoreCounts core, Scenario scenario) {
        boolean held = hasCaches(scenario) && scenario.machine().caches().holds() == CacheHolds.ALL;
        ServedBy data = core.caches().data();
        return new Data(
                held ? (Long) data.total() : null,
                served(data, held),
                held ? (Long) core.caches().hypervisorData().total() : null);
    }

    private static Served served(ServedBy by, boolean known) {
        return known
                ? new Served(by.l1(), by.l2(), by.l3(), by.memory(), by.memoryRemote())
                : new Served(null, null, null, null, null);
    }

    private static Walks walks(CoreCounts core, Scenario scenario) {
        WalkStats walks = core.walks();
        return new Walks(
                walks.translated(),
                walks.stopped(),
                core.rewalks(),
                walks.guestReferences() + walks.secondStageReferences(),
                walks.guestReferences(),
                walks.secondStageReferences(),
                served(core.caches().walks(), hasCaches(scenario)),
                new Saved(walks.savedByGuestCache(), walks.savedByNestedTlb(), walks.savedBySecondStageCache()),
                walks.hypervisorReferences(),
                core.walkerWaitCycles());
    }

    private static Cycles sum(List<Cycles> all) {
        return all.stream()
                .reduce(
                        new Cycles(0, 0, 0, 0, 0, 0, 0, 0, 0),
                        (a, b) -> new Cycles(
                                a.guestWork() + b.guestWork(),
                                a.memory() + b.memory(),
                                a.tlbSecondLevel() + b.tlbSecondLevel(),
                                a.guestWalk() + b.guestWalk(),
                                a.secondStageWalk() + b.secondStageWalk(),
                                a.transitions() + b.transitions(),
                                a.hypervisor() + b.hypervisor(),
                                a.idle() + b.idle(),
                                a.total() + b.total()));
    }
}
