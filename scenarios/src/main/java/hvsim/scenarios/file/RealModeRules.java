package hvsim.scenarios.file;

import hvsim.cpu.KernelEvent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What guests in real-address mode cannot have: tables, other processors, and traces, whose addresses are too large. */
final class RealModeRules {
    private RealModeRules() {}

    static void check(Section vm, VmConfig config) {
        if (config.vcpus() != 1) {
            vm.fault("vcpus", config.vcpus() + " with mode 'real': only one processor is started", "use vcpus: 1");
        }
        if (config.workload().allReferences().stream().anyMatch(References.Recorded.class::isInstance)) {
            vm.fault(
                    "mode",
                    "a trace with mode 'real': its addresses do not fit into the 640KiB of conventional memory",
                    "use a pattern, or another mode");
        }
        Set<KernelEvent> events = events(config.workload());
        events.remove(KernelEvent.SYSCALL);
        if (!events.isEmpty() || config.workload().kernel().timer().isPresent()) {
            vm.fault(
                    "mode",
                    "workload.kernel with mode 'real': there are no tables, no processes and no timer of a kernel's",
                    "of rates, syscall alone may stand there");
        }
    }

    private static Set<KernelEvent> events(WorkloadConfig workload) {
        Set<KernelEvent> events = new TreeSet<>(workload.kernel().rates().keySet());
        List.copyOf(workload.phases().values())
                .forEach(phase -> events.addAll(phase.kernel().rates().keySet()));
        return events;
    }
}
