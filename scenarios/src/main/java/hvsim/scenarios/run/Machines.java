package hvsim.scenarios.run;

import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.VmConfig;
import hvsim.vmm.MachineSpec;
import hvsim.vmm.VmSpec;
import hvsim.vmm.kernel.StuckException;
import hvsim.vmm.memory.OutOfFramesException;
import hvsim.vmm.memory.UnsupportedGuestException;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** Builds machines from scenarios and runs them. */
final class Machines {
    private final MachineSpecs specs;
    private final Pace pace;

    Machines(Traces traces, Pace pace) {
        this.specs = new MachineSpecs(traces);
        this.pace = pace;
    }

    Outcome virtual(Scenario scenario) throws UnrunnableException {
        return run(scenario, specs.virtual(scenario));
    }

    Outcome bare(Scenario scenario, String name) throws UnrunnableException {
        return run(scenario, specs.bare(scenario, name));
    }

    private Outcome run(Scenario scenario, MachineSpec spec) throws UnrunnableException {
        Extents extents =
                Extents.of(scenario.run(), new Clock(scenario.machine().clock()));
        pace.begin(operations(scenario, spec), extents.endCycles());
        try {
            Outcome outcome = new Simulation(spec, extents, pace).run();
            if (outcome.complete()) {
                pace.end();
            }
            return outcome;
        } catch (OutOfFramesException e) {
            throw new UnrunnableException(
                    scenario.name() + ": error: " + e.getMessage(),
                    "vms.NAME.memory and machine.memory say how much there is; page tables take some of it too");
        } catch (UnsupportedGuestException e) {
            throw new UnrunnableException(
                    scenario.name() + ": error: " + e.getMessage(),
                    "hypervisor.memory: nested with cpu: hardware leaves a guest's paging to the guest");
        } catch (StuckException e) {
            throw new UnrunnableException(
                    scenario.name() + ": error: " + e.getMessage(),
                    "hlt waits for workload.kernel.timer or for another virtual processor of the VM; a kernel that executes"
                            + " cli and no sti takes no interrupt: neither its timer's nor a shootdown's");
        } finally {
            MachineSpecs.close(spec);
        }
    }

    /** What all its programs will do, with their warm-up; 0 where one runs until its trace or the time ends. */
    private static long operations(Scenario scenario, MachineSpec spec) {
        Map<String, VmConfig> vms = scenario.singleVms();
        double all = 0;
        for (VmSpec vm : spec.vms()) {
            OptionalLong each = scenario.operations(Objects.requireNonNull(vms.get(vm.name())));
            if (each.isEmpty()) {
                return 0;
            }
            all += (double) each.getAsLong() * vm.vcpus().size();
        }
        return (long) (all * (1 + scenario.run().warmup().toDouble()));
    }
}
