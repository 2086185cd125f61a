package hvsim.scenarios.run;

import hvsim.scenarios.file.Scenario;
import hvsim.vmm.MachineSpec;
import hvsim.vmm.kernel.StuckException;
import hvsim.vmm.memory.OutOfFramesException;

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
        pace.begin(spec.vms().stream().mapToLong(vm -> vm.vcpus().size()).sum()
                * scenario.run().operations().orElse(0));
        try {
            return new Simulation(
                            spec,
                            Extents.of(
                                    scenario.run(), new Clock(scenario.machine().clock())),
                            pace)
                    .run();
        } catch (OutOfFramesException e) {
            throw new UnrunnableException(
                    scenario.name() + ": error: " + e.getMessage(),
                    "vms.NAME.memory and machine.memory say how much there is; page tables take some of it too");
        } catch (StuckException e) {
            throw new UnrunnableException(
                    scenario.name() + ": error: " + e.getMessage(),
                    "a kernel that executes cli and no sti takes no interrupt: neither its timer's nor a shootdown's");
        } finally {
            pace.end();
            MachineSpecs.close(spec);
        }
    }
}
