package hvsim.scenarios.run;

import hvsim.scenarios.file.Backing;
import hvsim.scenarios.file.CpuTechnique;
import hvsim.scenarios.file.HypervisorConfig;
import hvsim.scenarios.file.HypervisorConfig.ServiceVmConfig;
import hvsim.scenarios.file.OperatingMode;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.VmConfig;
import hvsim.scenarios.workload.PhasedProgram;
import hvsim.scenarios.workload.Program;
import hvsim.vmm.MachineSpec;
import hvsim.vmm.VmSpec;
import hvsim.vmm.device.DeviceSpec;
import hvsim.vmm.host.HostSpec;
import hvsim.vmm.kernel.GuestMode;
import hvsim.vmm.schedule.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Scenarios as machines, each with programs of its own that start at their beginning. */
public final class MachineSpecs {
    /** Without a hypervisor each virtual processor has its core. */
    private static final Candidate ANYWHERE = new Candidate(List.of(), 1);

    private final Programs programs;

    MachineSpecs(Traces traces) {
        programs = new Programs(traces);
    }

    /** The machine that a scenario describes: with its hypervisor, or bare with its only VM. */
    public static MachineSpec of(Scenario scenario) {
        MachineSpecs specs = new MachineSpecs(new Traces());
        return scenario.hypervisor().cpu() == CpuTechnique.NATIVE
                ? specs.bare(scenario, scenario.singleVms().keySet().iterator().next())
                : specs.virtual(scenario);
    }

    /** All VMs on the hypervisor. */
    MachineSpec virtual(Scenario scenario) {
        List<VmSpec> vms = new ArrayList<>();
        scenario.singleVms()
                .forEach((name, vm) -> vms.add(vm(scenario, name, vm, new Candidate(vm.pin(), vm.weight()))));
        Clock clock = new Clock(scenario.machine().clock());
        return new MachineSpec(
                scenario.machine().memory().bytes(),
                scenario.machine().pageLevels(),
                scenario.machine().sockets(),
                scenario.machine().cores(),
                CoreSpecs.of(scenario.machine(), scenario.run().seed()),
                Optional.of(HypervisorSpecs.of(scenario.hypervisor(), isLong(scenario), clock)),
                HypervisorSpecs.host(scenario.hypervisor()),
                serviceVm(scenario),
                vms,
                used(scenario));
    }

    /** Where no VM uses any, it is as if the machine had none. */
    private static List<DeviceSpec> used(Scenario scenario) {
        boolean some =
                scenario.vms().values().stream().anyMatch(vm -> !vm.devices().isEmpty());
        return some ? DeviceSpecs.ofMachine(scenario.machine()) : List.of();
    }

    private static boolean isLong(Scenario scenario) {
        return scenario.singleVms().values().stream().allMatch(vm -> vm.mode() == OperatingMode.LONG);
    }

    /** Of the width of the others. */
    private static Optional<VmSpec> serviceVm(Scenario scenario) {
        HypervisorConfig hypervisor = scenario.hypervisor();
        ServiceVmConfig vm = hypervisor.serviceVm();
        return hypervisor.hasServiceVm()
                ? Optional.of(VmSpec.service(
                        isLong(scenario) ? GuestMode.LONG : GuestMode.PAE,
                        vm.pin(),
                        vm.weight(),
                        hypervisor.cycles().userSpace()))
                : Optional.empty();
    }

    /** One VM alone on bare cores, one for each virtual processor; the machine has the VM's memory. */
    MachineSpec bare(Scenario scenario, String name) {
        VmConfig vm = scenario.singleVms().get(name);
        if (vm == null) {
            throw new IllegalArgumentException("no VM " + name);
        }
        return new MachineSpec(
                vm.memory().bytes(),
                scenario.machine().pageLevels(),
                1,
                vm.vcpus(),
                CoreSpecs.of(scenario.machine(), scenario.run().seed()),
                Optional.empty(),
                HostSpec.BARE_METAL,
                Optional.empty(),
                List.of(vm(scenario, name, vm, ANYWHERE)),
                vm.devices().isEmpty() ? List.of() : DeviceSpecs.ofMachine(scenario.machine()));
    }

    /** Lets go of the traces that its programs hold open. */
    static void close(MachineSpec spec) {
        for (VmSpec vm : spec.vms()) {
            vm.vcpus().forEach(MachineSpecs::close);
        }
    }

    private static void close(VmSpec.VcpuSpec vcpu) {
        if (vcpu.workload() instanceof Program program) {
            program.close();
        } else if (vcpu.workload() instanceof PhasedProgram program) {
            program.close();
        }
    }

    private VmSpec vm(Scenario scenario, String name, VmConfig vm, Candidate candidate) {
        Clock clock = new Clock(scenario.machine().clock());
        List<VmSpec.VcpuSpec> vcpus = new ArrayList<>();
        for (int vcpu = 0; vcpu < vm.vcpus(); vcpu++) {
            vcpus.add(new VmSpec.VcpuSpec(programs.of(scenario, name, vm, vcpu), candidate));
        }
        return new VmSpec(
                name,
                vm.memory().bytes(),
                CoreSpecs.mode(vm.mode()),
                vm.guestPage().page(),
                CoreSpecs.page(vm.hostPage()),
                vm.backing() == Backing.PREMAPPED,
                KernelSpecs.of(vm.workload().kernel(), vm.mode(), clock),
                vcpus,
                vm.workload().operationCycles(),
                vm.hypervisor().map(own -> HypervisorSpecs.hardware(own, clock)),
                DeviceSpecs.ofVm(scenario, name, vm));
    }
}
