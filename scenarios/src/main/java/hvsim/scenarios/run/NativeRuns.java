package hvsim.scenarios.run;

import hvsim.scenarios.file.CachesConfig;
import hvsim.scenarios.file.CyclesConfig;
import hvsim.scenarios.file.DeviceConfig;
import hvsim.scenarios.file.Frequency;
import hvsim.scenarios.file.MachineConfig;
import hvsim.scenarios.file.RunConfig;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.TlbConfig;
import hvsim.scenarios.file.VmConfig;
import hvsim.scenarios.file.WalkConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The baseline: each VM's program alone on a bare core. What cannot differ is run once. */
final class NativeRuns {
    private final Map<Alone, Outcome> known = new HashMap<>();
    private final Machines machines;

    NativeRuns(Machines machines) {
        this.machines = machines;
    }

    /** What a VM alone depends on: not on the hypervisor, nor on the machine's size. */
    record Alone(
            String name,
            VmConfig vm,
            Frequency clock,
            int pageLevels,
            boolean fractureFlush,
            boolean fixedInstructions,
            Map<String, TlbConfig> tlb,
            WalkConfig walk,
            CachesConfig caches,
            CyclesConfig cycles,
            Map<String, DeviceConfig> devices,
            RunConfig run) {}

    /** What the VMs of a scenario do alone; scenarios with equal answers share their baseline. */
    static List<Alone> alone(Scenario scenario) {
        MachineConfig machine = scenario.machine();
        List<Alone> all = new ArrayList<>();
        scenario.singleVms()
                .forEach((name, vm) -> all.add(new Alone(
                        name,
                        vm.natively(),
                        machine.clock(),
                        machine.pageLevels(),
                        machine.fractureFlush(),
                        machine.fixedInstructions(),
                        machine.tlb(),
                        machine.walk(),
                        machine.caches(),
                        machine.cycles(),
                        vm.devices().isEmpty() ? Map.of() : machine.devices(),
                        scenario.run())));
        return all;
    }

    /** Each VM of the scenario alone. */
    Outcome of(Scenario scenario) throws UnrunnableException {
        List<Outcome> outcomes = new ArrayList<>();
        for (Alone alone : alone(scenario)) {
            Outcome outcome = known.get(alone);
            if (outcome == null) {
                outcome = machines.bare(scenario, alone.name());
                known.put(alone, outcome);
            }
            outcomes.add(outcome);
        }
        return Outcome.together(outcomes);
    }
}
