package hvsim.scenarios.file;

import hvsim.scenarios.file.HypervisorConfig.HostConfig;
import hvsim.scenarios.file.HypervisorConfig.SchedulerConfig;
import hvsim.scenarios.file.HypervisorConfig.ServiceVmConfig;
import hvsim.vmm.cpu.HardwareSpec.Feature;
import java.util.List;

/** Reads where a hypervisor runs: {@code hypervisor.host} and {@code hypervisor.service_vm}. */
final class HostReader {
    private static final int MOST_APPLICATIONS = 64;

    private HostReader() {}

    static HostConfig host(Section host) {
        HostPassage passage = host.value("passage", HostPassage.USER_SPACE, Kind.choice(HostPassage.class));
        int applications = host.value("applications", 0, Kind.count(0, MOST_APPLICATIONS));
        host.close();
        return new HostConfig(passage, applications);
    }

    static ServiceVmConfig serviceVm(Section vm, MachineConfig machine) {
        List<Integer> pin = vm.list("pin", List.of(), Kind.count(0, machine.cores() - 1));
        int weight = vm.value("weight", SchedulerConfig.DEFAULT_WEIGHT, Kind.count(1, 10_000));
        vm.close();
        return new ServiceVmConfig(pin.stream().distinct().sorted().toList(), weight);
    }

    /** A VM that only answers waits by HLT. */
    static void check(Section hypervisor, HypervisorConfig config) {
        if (hypervisor.isSound() && config.hasServiceVm() && !config.features().has(Feature.HLT_EXITING)) {
            Section features = hypervisor.section("features");
            features.fault(
                    "hlt_exiting",
                    "off with a service VM, which answers ports on bare metal: its kernel waits by HLT, and would keep the"
                            + " core",
                    "use hlt_exiting: on, or handlers.ports: kernel");
        }
    }
}
