package hvsim.scenarios.run;

import hvsim.cpu.Tally;
import hvsim.vmm.Machine;
import hvsim.vmm.MachineSpec;
import hvsim.vmm.VcpuCounts;
import hvsim.vmm.Vm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs one machine to its end, and asks between its steps whether to go on. */
final class Simulation {
    /** Some ten milliseconds of real time. */
    private static final long STEP_CYCLES = 2_000_000;

    private final Machine machine;
    private final boolean bare;
    private final Extents extents;
    private final Pace pace;
    private boolean done;

    Simulation(MachineSpec spec, Extents extents, Pace pace) {
        this.machine = new Machine(spec);
        this.bare = spec.hypervisor().isEmpty();
        this.extents = extents;
        this.pace = pace;
    }

    /** @throws IllegalStateException if its sums do not agree: a fault of the simulator */
    Outcome run() throws UnrunnableException {
        boolean complete = goOn(extents.warmupCycles());
        if (extents.warmupCycles() > 0) {
            machine.startCounting();
        }
        Intervals intervals = new Intervals(extents.programsWarmUp(), machine.clock());
        complete = complete && (extents.intervalCycles() == 0 ? goOn(extents.endCycles()) : goOn(intervals));
        if (complete && extents.programsWarmUp()) {
            checkWarmUp();
        }
        machine.checkSums();
        return new Outcome(
                machine.vms().stream()
                        .map(vm -> extents.intervalCycles() == 0
                                ? VmTally.of(machine, vm, bare)
                                : VmTally.of(machine, vm, intervals::total, bare))
                        .toList(),
                Tally.together(machine.serviceVm().stream()
                        .flatMap(vm -> vm.vcpus().stream())
                        .map(vcpu -> vcpu.vcpu().total().asHost())
                        .toList()),
                intervals.stretches(),
                complete,
                violations(),
                machine.lostControlCycles());
    }

    /** What was counted in a warm-up is no result. */
    private void checkWarmUp() throws UnrunnableException {
        for (Vm vm : machine.vms()) {
            for (VcpuCounts vcpu : vm.vcpus()) {
                if (!vcpu.vcpu().isCounting()) {
                    throw new UnrunnableException(
                            "error: run.time is over, but " + vcpu.vcpu().name()
                                    + " is still in its warm-up, at operation "
                                    + String.format(
                                            Locale.ROOT, "%,d", vcpu.vcpu().allOperations()),
                            "give more run.time, or less run.warmup; without run.operations the warm-up is a part of"
                                    + " run.time");
                }
            }
        }
    }

    /** Returns false if it was asked to stop before. */
    private boolean goOn(long end) {
        while (!done && machine.clock() < end) {
            if (pace.isStopRequested()) {
                return false;
            }
            long step = Math.min(STEP_CYCLES, end - machine.clock());
            done = machine.run(machine.clock() + step);
            pace.tell(machine);
        }
        return true;
    }

    private boolean goOn(Intervals intervals) throws UnrunnableException {
        boolean complete = true;
        long border = machine.clock();
        while (complete && !done && machine.clock() < extents.endCycles()) {
            border += extents.intervalCycles();
            complete = goOn(Math.min(extents.endCycles(), border));
            intervals.cut(machine);
        }
        return complete;
    }

    private List<String> violations() {
        List<String> found = new ArrayList<>();
        for (Vm vm : machine.vms()) {
            machine.violations(vm).forEach(amiss -> found.add(vm.spec().name() + ": " + amiss));
        }
        return found;
    }
}
