package hvsim.scenarios.run;

import hvsim.cpu.CyclePart;
import hvsim.cpu.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What came out of one configuration.
 *
 * @param vms all of them, in the order of the scenario
 * @param service what the service VM took, if there is one
 * @param intervals empty if nobody asked for them
 * @param complete whether nobody asked to stop before the end
 * @param violations what the audit found
 * @param lostControlCycles longest time that the hypervisor was without control; 0 without one
 */
record Outcome(
        List<VmTally> vms,
        Tally service,
        List<Stretch> intervals,
        boolean complete,
        List<String> violations,
        long lostControlCycles) {
    Outcome {
        vms = List.copyOf(vms);
        intervals = List.copyOf(intervals);
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
        return new Outcome(
                vms,
                Tally.together(outcomes.stream().map(Outcome::service).toList()),
                Stretch.together(outcomes.stream().map(Outcome::intervals).toList()),
                complete,
                violations,
                lostControl);
    }

    /** Whether each VM took the same time for the same things. */
    boolean tookAsLongAs(Outcome other) {
        return cycles().equals(other.cycles());
    }

    private List<List<Long>> cycles() {
        return vms.stream()
                .map(VmTally::total)
                .map(vm -> Stream.of(CyclePart.values()).map(vm::cycles).toList())
                .toList();
    }

    /** Of all VMs, and of what the service VM did for them. */
    Tally total() {
        List<Tally> all = new ArrayList<>(vms.stream().map(VmTally::total).toList());
        all.add(service);
        return Tally.together(all);
    }

    long operations() {
        return total().operations();
    }

    long totalCycles() {
        return total().allCycles();
    }
}
