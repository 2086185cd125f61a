package hvsim.scenarios.file;

import hvsim.scenarios.file.References.Recorded;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads {@code run}. */
final class RunReader {
    private static final long MOST_OPERATIONS = 1_000_000_000_000_000L;

    private RunReader() {}

    static RunConfig read(Section run, Collection<VmConfig> vms) {
        Kind<Long> count = Kind.whole(1, MOST_OPERATIONS);
        Optional<Long> written = run.optional("operations", count);
        Optional<Time> time = run.optional("time", Kind.time(1, 1_000_000_000_000_000L));
        boolean wanted =
                !run.has("operations") && !run.has("time") && vms.stream().noneMatch(RunReader::hasOwnLength);
        Optional<Long> operations =
                wanted ? Optional.of(run.value("operations", RunConfig.DEFAULT_OPERATIONS, count)) : written;
        Share warmup = run.value("warmup", Share.NONE, Share::parse);
        long seed = run.value("seed", 1L, Kind.whole(0, Long.MAX_VALUE >> 1));
        boolean nativeRun = run.value("native", true, Kind.SWITCH);
        boolean lenient = run.value("lenient", false, Kind.SWITCH);
        Optional<Time> interval = run.optional("interval", Kind.time(1_000, 1_000_000_000_000_000L));
        run.close();
        if (run.isSound()) {
            vms.forEach(vm -> checkEnds(run, vm));
            operations.ifPresent(most -> vms.forEach(vm -> checkPhases(run, vm, most)));
        }
        OptionalLong most = operations.map(OptionalLong::of).orElseGet(OptionalLong::empty);
        return new RunConfig(most, time, warmup, seed, nativeRun, lenient, interval);
    }

    private static boolean hasOwnLength(VmConfig vm) {
        return vm.workload().references() instanceof Recorded
                || !vm.workload().phases().isEmpty();
    }

    private static void checkPhases(Section run, VmConfig vm, long operations) {
        long phases = vm.workload().phaseOperations().orElse(operations);
        if (phases != operations) {
            run.fault(
                    "operations",
                    Text.grouped(operations) + " operations, but the phases of the workload have "
                            + Text.grouped(phases),
                    "phases say how long a program is: leave out run.operations");
        }
    }

    private static void checkEnds(Section run, VmConfig vm) {
        boolean endless = vm.workload().references() instanceof Recorded recorded
                && recorded.repeat()
                && vm.workload().phases().isEmpty();
        if (endless && !run.has("operations") && !run.has("time")) {
            run.fault("operations", "a trace with repeat: on never ends", "give run.operations or run.time");
        }
    }

    /** A workload cannot hold more counted events than operations. */
    static void checkTotals(Section vms, Scenario scenario) {
        scenario.vms().forEach((name, vm) -> {
            OptionalLong operations = scenario.operations(vm);
            long totals = WorkloadReader.totals(vm.workload());
            boolean whole = vm.workload().references() instanceof Recorded recorded && !recorded.repeat();
            if (operations.isEmpty() && !whole && totals > 0) {
                vms.fault(
                        name,
                        "its workload counts events of the whole run, but nobody knows how many operations that has",
                        "use run.operations, or a rate such as 10/M");
            }
            if (operations.isPresent() && totals > operations.getAsLong()) {
                vms.fault(
                        name,
                        "its workload names " + Text.grouped(totals) + " events in "
                                + Text.grouped(operations.getAsLong()) + " operations",
                        "each is an operation; use run.operations, or a rate such as 10/M");
            }
        });
    }
}
