package hvsim.scenarios.run;

import hvsim.scenarios.file.References.Recorded;
import hvsim.scenarios.file.Scenario;
import hvsim.scenarios.file.VmConfig;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/** Tells where a trace ended before the run did. */
final class ShortTraces {
    private ShortTraces() {}

    /** @param tallies in the order of the scenario's VMs */
    static Set<String> notes(Scenario scenario, List<VmTally> tallies) {
        Set<String> notes = new LinkedHashSet<>();
        List<VmConfig> vms = List.copyOf(scenario.singleVms().values());
        for (int i = 0; i < vms.size(); i++) {
            OptionalLong wanted = scenario.operations(vms.get(i));
            if (vms.get(i).workload().references() instanceof Recorded recorded && wanted.isPresent()) {
                addTo(notes, recorded, tallies.get(i).vcpus(), wanted.getAsLong());
            }
        }
        return notes;
    }

    private static void addTo(Set<String> notes, Recorded recorded, List<VcpuTally> vcpus, long wanted) {
        for (int vcpu = 0; vcpu < vcpus.size(); vcpu++) {
            VcpuTally tally = vcpus.get(vcpu);
            String part =
                    recorded.isShared() && vcpus.size() > 1 ? "the part of virtual processor " + vcpu + " of " : "";
            if (tally.ended() && tally.operations() < wanted) {
                notes.add(part + recorded.trace(vcpu).shown() + " ended after " + grouped(tally.operations()) + " of "
                        + grouped(wanted) + " operations (repeat: on starts it again)");
            }
        }
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
