package hvsim.scenarios.run;

import hvsim.scenarios.file.Scenario;
import hvsim.vmm.Machine;
import java.nio.file.Path;

/** A new process: loads a machine, runs it to its end and prints all counts. Arguments: scenario, state. */
final class GoesOn {
    private GoesOn() {}

    public static void main(String[] arguments) throws Exception {
        Scenario scenario = Machinery.scenario(Path.of(arguments[0]));
        Machine machine = Machinery.machine(scenario);
        Machinery.load(machine, Path.of(arguments[1]));
        machine.run(Long.MAX_VALUE);
        System.out.println(Machinery.counts(machine, scenario));
    }
}
