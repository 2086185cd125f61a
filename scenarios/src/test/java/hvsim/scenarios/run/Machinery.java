package hvsim.scenarios.run;

import hvsim.cpu.Tally;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.file.ScenarioLoader;
import hvsim.tlb.Snapshot;
import hvsim.vmm.Machine;
import hvsim.vmm.Vm;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Machines of scenario files, and all that can be known of them as text. */
final class Machinery {
    private Machinery() {}

    static Scenario scenario(Path file, String... settings) throws ScenarioException {
        return new ScenarioLoader("test", InputStream.nullInputStream(), (lines, names) -> List.of())
                .load(file.toString(), List.of(settings), List.of())
                .base()
                .scenario();
    }

    static Machine machine(Scenario scenario) {
        return new Machine(MachineSpecs.of(scenario));
    }

    static void save(Machine machine, Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            machine.transfer(Snapshot.savingTo(out));
        }
    }

    static void load(Machine machine, Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            machine.transfer(Snapshot.loadingFrom(in));
        }
    }

    /** Every count of a machine, and the digest of what each guest saw. */
    static String counts(Machine machine, Scenario scenario) {
        machine.checkSums();
        Outcome outcome = new Outcome(
                machine.vms().stream().map(vm -> VmTally.of(machine, vm, false)).toList(),
                new Tally(),
                List.of(),
                true,
                machine.vms().stream()
                        .map(Vm::audit)
                        .filter(amiss -> !amiss.isEmpty())
                        .toList(),
                machine.lostControlCycles());
        StringBuilder text = new StringBuilder("clock " + machine.clock());
        outcome.vms().stream()
                .flatMap(vm -> vm.vcpus().stream())
                .forEach(vm -> text.append(' ').append(vm.observations().digest()));
        return text.append('\n')
                .append(ResultTree.of(RunResults.of(scenario, "main", 0, Map.of(), outcome, Optional.empty()))
                        .toString())
                .toString();
    }
}
