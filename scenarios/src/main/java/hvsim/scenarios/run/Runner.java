package hvsim.scenarios.run;

import hvsim.scenarios.file.CpuTechnique;
import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.run.NativeRuns.Alone;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes every run of every point of a scenario. Start reading here: a {@link Scenario} becomes a machine in
 * {@link MachineSpecs}, runs in {@link Simulation}, and what was counted becomes a {@link RunResult} in
 * {@link RunResults}.
 */
public final class Runner {
    private final Loaded loaded;
    private final Traces traces = new Traces();
    private final Machines machines;
    private final NativeRuns natives;
    private final List<RunResult> results = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private boolean stopped;

    private Runner(Loaded loaded, RunControl control) {
        this.loaded = loaded;
        this.machines = new Machines(traces, new Pace(control, count(loaded)));
        this.natives = new NativeRuns(machines);
    }

    /**
     * Runs all; expectations are left to others.
     *
     * @throws UnrunnableException if a guest or the machine runs out of memory
     * @throws hvsim.cpu.ProgramUnreadableException if a trace is damaged
     * @throws IllegalStateException if sums that must agree do not: a fault of the simulator
     */
    public static Result run(Loaded loaded, RunControl control) throws UnrunnableException {
        return new Runner(loaded, control).all();
    }

    private Result all() throws UnrunnableException {
        for (Loaded.Point point : loaded.points()) {
            runPoint(point);
        }
        noteLongInterval();
        notes.addAll(traces.notes());
        Map<String, String> digests = loaded.digests();
        Scenario base = loaded.base().scenario();
        String sha256 = digests.values().stream().findFirst().orElse("");
        return new Result(
                Result.SCHEMA,
                Version.current(),
                stopped,
                List.copyOf(notes),
                new Result.ScenarioId(base.name(), base.title(), sha256),
                Inputs.of(digests, traces),
                loaded.base().config(),
                List.copyOf(results),
                List.of());
    }

    private void noteLongInterval() {
        boolean wanted =
                loaded.runs().anyMatch(scenario -> scenario.run().interval().isPresent());
        boolean cut = results.stream().anyMatch(run -> run.intervals().size() > 1);
        if (wanted && !cut && !stopped) {
            notes.add("run.interval has no effect: it is longer than the run");
        }
    }

    private void runPoint(Loaded.Point point) throws UnrunnableException {
        Loaded.Run first = point.runs().get(0);
        List<Alone> shown = NativeRuns.alone(first.configured().scenario());
        if (isNewBaseline(point, shown)) {
            baseline(point, first.configured().scenario());
        }
        Set<String> otherBaselines = new LinkedHashSet<>();
        for (Loaded.Run run : point.runs()) {
            Scenario scenario = run.configured().scenario();
            if (!stopped) {
                run(point, run, scenario);
            }
            if (!stopped && hasOtherBaseline(first.configured().scenario(), scenario)) {
                otherBaselines.add(run.name());
            }
        }
        if (!otherBaselines.isEmpty()) {
            notes.add("native is that of " + first.name() + "; slowdown of " + String.join(", ", otherBaselines)
                    + " is against " + (otherBaselines.size() == 1 ? "its own native run" : "their own native runs"));
        }
    }

    /** Points share the first one's baseline unless they have another. */
    private boolean isNewBaseline(Loaded.Point point, List<Alone> shown) {
        Scenario zero = loaded.points().get(0).runs().get(0).configured().scenario();
        return point.number() == 0 || !NativeRuns.alone(zero).equals(shown);
    }

    private void baseline(Loaded.Point point, Scenario scenario) throws UnrunnableException {
        if (stopped || !scenario.run().nativeRun()) {
            return;
        }
        Outcome outcome = natives.of(scenario);
        add(
                scenario,
                outcome,
                RunResults.of(
                        scenario, RunResults.NATIVE, point.number(), point.varied(), outcome, Optional.of(outcome)));
    }

    /** The result has one baseline for a point, but each run is compared with its own. */
    private boolean hasOtherBaseline(Scenario first, Scenario own) throws UnrunnableException {
        return first.run().nativeRun()
                && own.run().nativeRun()
                && !natives.of(own).tookAsLongAs(natives.of(first));
    }

    private void run(Loaded.Point point, Loaded.Run run, Scenario scenario) throws UnrunnableException {
        Optional<Outcome> natively = scenario.run().nativeRun() ? Optional.of(natives.of(scenario)) : Optional.empty();
        if (natively.isPresent() && !natively.get().complete()) {
            stopped = true;
            return;
        }
        Outcome outcome =
                scenario.hypervisor().cpu() == CpuTechnique.NATIVE ? natives.of(scenario) : machines.virtual(scenario);
        add(scenario, outcome, RunResults.of(scenario, run.name(), point.number(), run.set(), outcome, natively));
    }

    private void add(Scenario scenario, Outcome outcome, RunResult result) {
        results.add(result);
        stopped |= !outcome.complete();
        if (outcome.complete()) {
            notes.addAll(ShortTraces.notes(scenario, outcome.vms()));
        }
    }

    /** Machines that will run. */
    private static long count(Loaded loaded) {
        long virtual = 0;
        Set<Alone> bare = new HashSet<>();
        for (Loaded.Point point : loaded.points()) {
            for (Loaded.Run run : point.runs()) {
                Scenario scenario = run.configured().scenario();
                boolean nativeOnly = scenario.hypervisor().cpu() == CpuTechnique.NATIVE;
                virtual += nativeOnly ? 0 : 1;
                if (nativeOnly || scenario.run().nativeRun()) {
                    bare.addAll(NativeRuns.alone(scenario));
                }
            }
        }
        return virtual + bare.size();
    }
}
