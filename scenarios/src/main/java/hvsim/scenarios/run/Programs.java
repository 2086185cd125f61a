package hvsim.scenarios.run;

import hvsim.scenarios.file.Paging;
import hvsim.scenarios.file.Rate;
import hvsim.scenarios.file.References;
import hvsim.scenarios.file.References.Recorded;
import hvsim.scenarios.file.References.Synthetic;
import hvsim.scenarios.file.RunConfig;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.VmConfig;
import hvsim.scenarios.file.WorkloadConfig;
import hvsim.scenarios.workload.InstructionRate;
import hvsim.scenarios.workload.PatternSpec;
import hvsim.scenarios.workload.Program;
import hvsim.scenarios.workload.ProgramSpec;
import java.util.OptionalLong;

/** The {@code workload} of a scenario as programs. */
final class Programs {
    private final Traces traces;

    Programs(Traces traces) {
        this.traces = traces;
    }

    /**
     * @param name of the single VM; programs of VMs with other names have other random events
     * @param vcpu number of the virtual processor in it
     */
    Program of(Scenario scenario, String name, VmConfig vm, int vcpu) {
        WorkloadConfig workload = vm.workload();
        RunConfig run = scenario.run();
        OptionalLong limit = scenario.operations(vm);
        long whole = limit.orElseGet(() -> whole(run, workload));
        long warmup = limit.isEmpty() && run.time().isPresent() ? 0 : Extents.part(run.warmup(), whole);
        Rate switches = workload.kernel().processSwitch();
        ProgramSpec spec = new ProgramSpec(
                run.seed(),
                name + "/" + vcpu,
                warmup,
                limit.isPresent() ? whole : Math.max(1, whole - warmup),
                limit.isEmpty(),
                workload.instructions().stream().map(Programs::rate).toList(),
                workload.kernel().processes(),
                switches.count(),
                switches.perOperations(),
                workload.kernel().paging() == Paging.PREMAPPED
                        ? CoreSpecs.page(vm.guestPage()).shift()
                        : 0);
        return program(spec, workload.references(), run.lenient());
    }

    /** Operations of a run without a limit, where it matters how many those are. */
    private long whole(RunConfig run, WorkloadConfig workload) {
        boolean matters = run.time().isEmpty() && run.warmup().fraction().signum() > 0
                || workload.kernel().processSwitch().isTotal()
                || workload.instructions().stream()
                        .anyMatch(entry -> entry.rate().isTotal());
        return matters && workload.references() instanceof Recorded recorded
                ? traces.of(recorded.trace(), run.lenient()).references()
                : RunConfig.DEFAULT_OPERATIONS;
    }

    private Program program(ProgramSpec spec, References references, boolean lenient) {
        if (references instanceof Recorded recorded) {
            return spec.program(traces.of(recorded.trace(), lenient), recorded.repeat());
        }
        return spec.program(pattern((Synthetic) references));
    }

    private static InstructionRate rate(WorkloadConfig.InstructionRate entry) {
        return new InstructionRate(
                entry.instruction(),
                entry.operand(),
                entry.rate().count(),
                entry.rate().perOperations());
    }

    private static PatternSpec pattern(Synthetic references) {
        return new PatternSpec(
                PatternSpec.Order.valueOf(references.pattern().name()),
                references.workingSet().bytes(),
                references.skew(),
                references.stride().bytes(),
                references.hot().toDouble(),
                references.hits().toDouble(),
                references.run().bytes(),
                references.writes().toDouble(),
                references.fetches().toDouble());
    }
}
