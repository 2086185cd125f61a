package hvsim.scenarios.microbench;

import hvsim.cpu.Vcpu;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.file.ScenarioLoader;
import hvsim.scenarios.run.MachineSpecs;
import hvsim.vmm.Machine;
import hvsim.vmm.MachineSpec;
import hvsim.vmm.Vm;
import hvsim.vmm.VmSpec;
import hvsim.vmm.kernel.GuestMode;
import hvsim.vmm.schedule.Candidate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine of a preset with the hypervisor of the library, and one VM with a program on each of its virtual processors,
 * which have a core each.
 *
 * @param preset name of the machine
 * @param settings of a scenario, as {@code --set} has them
 */
public record Bench(String preset, List<String> settings) {
    private static final long MOST_CYCLES = 100_000_000;

    public Bench {
        settings = List.copyOf(settings);
    }

    /** The same with one more setting. */
    Bench with(String setting) {
        List<String> all = new ArrayList<>(settings);
        all.add(setting);
        return new Bench(preset, all);
    }

    /** @throws ScenarioException if there is no such machine, or it cannot have the settings */
    void check() throws ScenarioException {
        scenario(1);
    }

    /** Of the guest's processors. */
    GuestMode mode() throws ScenarioException {
        return MachineSpecs.of(scenario(1)).vms().get(0).mode();
    }

    /** Runs the programs until each has ended. Returns false if they do not. */
    boolean run(TimedProgram... programs) throws ScenarioException {
        Machine machine = new Machine(spec(List.of(programs)));
        Vm vm = machine.vms().get(0);
        for (int i = 0; i < programs.length; i++) {
            Vcpu vcpu = vm.vcpu(i);
            programs[i].watch(machine.core(i)::clock, () -> vcpu.faults(TimedProgram.VECTOR));
        }
        boolean ended = machine.run(MOST_CYCLES);
        machine.checkSums();
        return ended;
    }

    /** What the scenario describes, with other programs. */
    private MachineSpec spec(List<TimedProgram> programs) throws ScenarioException {
        MachineSpec spec = MachineSpecs.of(scenario(programs.size()));
        return new MachineSpec(
                spec.memoryBytes(),
                spec.pageLevels(),
                spec.sockets(),
                spec.cores(),
                spec.core(),
                spec.hypervisor(),
                spec.host(),
                spec.serviceVm(),
                List.of(vm(spec.vms().get(0), programs)));
    }

    private Scenario scenario(int cores) throws ScenarioException {
        String yaml = "machine: {preset: " + preset + ", cores: " + cores + ", memory: 2GiB}\n"
                + "hypervisor: {type: hosted, scheduler: {slice: 100ms}}\n"
                + "vms: {vm: {vcpus: " + cores + ", memory: 256MiB}}\n"
                + "run: {operations: 1k}\n";
        return new ScenarioLoader(
                        "hvsim microbench",
                        new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)),
                        (lines, names) -> List.of())
                .load("-", settings, List.of())
                .base()
                .scenario();
    }

    private static VmSpec vm(VmSpec vm, List<TimedProgram> programs) {
        List<VmSpec.VcpuSpec> vcpus = new ArrayList<>();
        for (TimedProgram program : programs) {
            vcpus.add(new VmSpec.VcpuSpec(program, new Candidate(List.of(vcpus.size()), 1)));
        }
        return new VmSpec(
                vm.name(),
                vm.memoryBytes(),
                vm.mode(),
                vm.guestPage(),
                vm.hostPage(),
                vm.premapped(),
                vm.kernel(),
                vcpus,
                List.of(1));
    }
}
