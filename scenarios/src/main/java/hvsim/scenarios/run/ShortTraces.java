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
            VcpuTally tally = tallies.get(i).vcpus().get(0);
            OptionalLong wanted = scenario.operations(vms.get(i));
            if (vms.get(i).workload().references() instanceof Recorded recorded
                    && wanted.isPresent()
                    && tally.ended()
                    && tally.operations() < wanted.getAsLong()) {
                notes.add(recorded.trace().shown() + " ended after " + grouped(tally.operations()) + " of "
                        + grouped(wanted.getAsLong()) + " operations (repeat: on starts it again)");
            }
        }
        return notes;
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
