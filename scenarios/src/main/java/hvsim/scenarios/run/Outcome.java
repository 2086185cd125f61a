package hvsim.scenarios.run;

import java.util.ArrayList;
import java.util.List;

/**
 * What came out of one configuration.
 *
 * @param vms all of them, in the order of the scenario
 * @param complete whether nobody asked to stop before the end
 * @param violations what the audit found
 * @param lostControlCycles longest time that the hypervisor was without control; 0 without one
 */
record Outcome(List<VmTally> vms, boolean complete, List<String> violations, long lostControlCycles) {
    Outcome {
        vms = List.copyOf(vms);
        violations = List.copyOf(violations);
    }

    /** Several machines that ran one after the other. */
    static Outcome together(List<Outcome> outcomes) {
        List<VmTally> vms = new ArrayList<>();
        List<String> violations = new ArrayList<>();
        boolean complete = true;
        long lostControl = 0;
        for (Outcome outcome : outcomes) {
            vms.addAll(outcome.vms);
            violations.addAll(outcome.violations);
            complete &= outcome.complete;
            lostControl = Math.max(lostControl, outcome.lostControlCycles);
        }
        return new Outcome(vms, complete, violations, lostControl);
    }

    /** Whether each VM took the same time for the same things. */
    boolean tookAsLongAs(Outcome other) {
        return vcpus().stream()
                .map(VcpuTally::cycles)
                .toList()
                .equals(other.vcpus().stream().map(VcpuTally::cycles).toList());
    }

    /** The virtual processors of all VMs. */
    List<VcpuTally> vcpus() {
        return vms.stream().flatMap(vm -> vm.vcpus().stream()).toList();
    }

    long operations() {
        return vms.stream().mapToLong(VmTally::operations).sum();
    }

    long totalCycles() {
        return vcpus().stream().mapToLong(vcpu -> vcpu.cycles().total()).sum();
    }
}
