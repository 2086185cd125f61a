package hvsim.scenarios.file;

import hvsim.scenarios.file.WorkloadConfig.KernelConfig;
import hvsim.scenarios.file.WorkloadConfig.PhaseConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code workload.phases}: each is the workload with some of its keys changed, for so many operations. */
final class PhasesReader {
    private static final List<String> CHANGED =
            List.of("references", "cycles_per_operation", "instructions", "kernel", "hostile");
    private static final long MOST_OPERATIONS = 1_000_000_000_000_000L;

    private PhasesReader() {}

    /** @param kernel of the workload itself */
    static Map<String, PhaseConfig> read(Section workload, KernelConfig kernel, MachineConfig machine) {
        Section phases = workload.section("phases");
        Map<String, PhaseConfig> all = new LinkedHashMap<>();
        for (String name : phases.names()) {
            if (!Kind.NAME.matcher(name).matches()) {
                phases.fault(name, "is no name for a phase", "a letter, then letters, digits, _ and -; at most 40");
            }
            Section phase = phases.over(name, workload.only(CHANGED));
            all.put(name, phase(phase, kernel, machine));
        }
        if (all.isEmpty()) {
            workload.hide("phases");
        }
        return all;
    }

    /** Shows what each phase takes away of the workload. */
    static void showTakenAway(Section workload) {
        Map<String, Object> below = new LinkedHashMap<>(workload.plain());
        below.keySet().retainAll(CHANGED);
        Section phases = workload.group(List.of("phases"));
        phases.names().stream()
                .flatMap(name -> phases.child(name).stream())
                .forEach(phase -> phase.showTakenAway(below));
    }

    private static PhaseConfig phase(Section phase, KernelConfig kernel, MachineConfig machine) {
        long operations = phase.required("operations", 1L, Kind.whole(1, MOST_OPERATIONS));
        HostileConfig hostile = HostileReader.read(phase);
        PhaseConfig config = new PhaseConfig(
                operations,
                ReferencesReader.read(phase.section("references")),
                WorkloadReader.cyclesPerOperation(phase),
                WorkloadReader.instructions(phase.section("instructions"), hostile),
                KernelReader.read(phase.section("kernel"), machine).with(hostile));
        phase.close();
        if (phase.isSound()) {
            WorkloadReader.checkShare(phase, config.instructions(), config.kernel());
            checkTotals(phase, config);
            checkKernel(phase, config.kernel(), kernel);
        }
        return config;
    }

    private static void checkTotals(Section phase, PhaseConfig config) {
        long totals = WorkloadReader.totals(config.instructions(), config.kernel());
        if (totals > config.operations()) {
            phase.fault(
                    "operations",
                    "the phase names " + Text.grouped(totals) + " events in " + Text.grouped(config.operations())
                            + " operations",
                    "each is an operation; a rate such as 10/M goes with any length");
        }
    }

    private static void checkKernel(Section phase, KernelConfig own, KernelConfig whole) {
        if (!own.with(whole.rates()).equals(whole)) {
            phase.fault(
                    "kernel",
                    "a phase cannot change how the kernel is made, such as processes, paging, pages, timer or interrupts_off_for",
                    "that belongs to the kernel from its start; a phase changes its rates and hostile's, beside references, instructions and"
                            + " cycles_per_operation");
        }
    }
}
