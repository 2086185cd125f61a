package hvsim.scenarios.run;

import hvsim.cpu.KernelEvent;
import hvsim.cpu.OpStream;
import hvsim.scenarios.file.OperatingMode;
import hvsim.scenarios.file.Paging;
import hvsim.scenarios.file.Rate;
import hvsim.scenarios.file.References;
import hvsim.scenarios.file.References.Recorded;
import hvsim.scenarios.file.References.Synthetic;
import hvsim.scenarios.file.RunConfig;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.VmConfig;
import hvsim.scenarios.file.WorkloadConfig;
import hvsim.scenarios.file.WorkloadConfig.PhaseConfig;
import hvsim.scenarios.trace.Trace;
import hvsim.scenarios.workload.EventRate;
import hvsim.scenarios.workload.InstructionRate;
import hvsim.scenarios.workload.PatternSpec;
import hvsim.scenarios.workload.PhasedProgram;
import hvsim.scenarios.workload.Placement;
import hvsim.scenarios.workload.Program;
import hvsim.scenarios.workload.ProgramSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

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
    OpStream of(Scenario scenario, String name, VmConfig vm, int vcpu) {
        WorkloadConfig workload = vm.workload();
        RunConfig run = scenario.run();
        String own = name + "/" + vcpu;
        OptionalLong limit = scenario.operations(vm);
        Supplier<Trace> trace = () -> trace((Recorded) workload.references(), run, vm.vcpus(), vcpu);
        long whole = limit.orElseGet(() -> whole(run, workload, trace));
        long warmup = limit.isEmpty() && run.time().isPresent() ? 0 : Extents.part(run.warmup(), whole);
        if (!workload.phases().isEmpty()) {
            return phased(run, own, vm, warmup, vcpu);
        }
        PhaseConfig all = new PhaseConfig(
                limit.isPresent() ? whole : Math.max(1, whole - warmup),
                workload.references(),
                workload.cyclesPerOperation(),
                workload.instructions(),
                workload.kernel());
        return program(spec(run, own, vm, warmup, all, limit.isEmpty()), workload.references(), trace);
    }

    /** The warm-up is a longer first phase. */
    private PhasedProgram phased(RunConfig run, String name, VmConfig vm, long warmup, int vcpu) {
        List<Program> programs = new ArrayList<>();
        vm.workload().phases().forEach((phase, config) -> {
            long before = programs.isEmpty() ? warmup : 0;
            ProgramSpec spec = spec(run, name + "/" + phase, vm, before, config, false);
            programs.add(program(
                    spec, config.references(), () -> trace((Recorded) config.references(), run, vm.vcpus(), vcpu)));
        });
        return new PhasedProgram(programs);
    }

    private static ProgramSpec spec(
            RunConfig run, String name, VmConfig vm, long warmup, PhaseConfig phase, boolean endless) {
        return new ProgramSpec(
                run.seed(),
                name,
                warmup,
                phase.operations(),
                endless,
                phase.instructions().stream().map(Programs::rate).toList(),
                phase.kernel().processes(),
                events(phase.kernel().rates()),
                phase.kernel().paging() == Paging.PREMAPPED
                        ? vm.guestPage().page().shift()
                        : 0,
                placement(vm.mode()));
    }

    private static Placement placement(OperatingMode mode) {
        return switch (mode) {
            case LONG -> Placement.LONG;
            case PAE, BITS_32 -> Placement.LEGACY;
            case REAL -> Placement.REAL;
        };
    }

    /** Operations of a run without a limit, where it matters how many those are. */
    private static long whole(RunConfig run, WorkloadConfig workload, Supplier<Trace> trace) {
        boolean matters = run.time().isEmpty() && run.warmup().fraction().signum() > 0
                || workload.kernel().rates().values().stream().anyMatch(Rate::isTotal)
                || workload.instructions().stream()
                        .anyMatch(entry -> entry.rate().isTotal());
        return matters && workload.references() instanceof Recorded
                ? trace.get().references()
                : RunConfig.DEFAULT_OPERATIONS;
    }

    private static Program program(ProgramSpec spec, References references, Supplier<Trace> trace) {
        if (references instanceof Recorded recorded) {
            return spec.program(trace.get(), recorded.repeat());
        }
        return spec.program(pattern((Synthetic) references));
    }

    /** The trace of a virtual processor, or its part of the one that all share. */
    private Trace trace(Recorded recorded, RunConfig run, int vcpus, int vcpu) {
        Trace trace = traces.of(recorded.trace(vcpu), run.lenient());
        return recorded.isShared() ? trace.part(vcpu, vcpus) : trace;
    }

    private static List<EventRate> events(Map<KernelEvent, Rate> rates) {
        return rates.entrySet().stream()
                .map(entry -> new EventRate(
                        entry.getKey(),
                        entry.getValue().count(),
                        entry.getValue().perOperations()))
                .toList();
    }

    private static InstructionRate rate(WorkloadConfig.InstructionRate entry) {
        return new InstructionRate(
                entry.instruction(),
                entry.cpl(),
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
