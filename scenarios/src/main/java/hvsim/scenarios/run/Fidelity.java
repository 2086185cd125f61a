package hvsim.scenarios.run;

import hvsim.cpu.Observations;
import hvsim.cpu.Observations.Observation;
import hvsim.scenarios.run.RunResult.FirstDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Whether guests observed what they observe natively. Where a time limit or a stop cut one of two runs of a
 * program short, what both came to is compared.
 *
 * @param vms for each VM, whether it saw the same
 * @param first where the first VM that did not saw it; empty also where that is beyond what was kept
 */
record Fidelity(List<Boolean> vms, Optional<FirstDifference> first) {
    static Fidelity of(List<VmTally> here, List<VmTally> natively) {
        List<Boolean> equal = new ArrayList<>();
        Optional<FirstDifference> first = Optional.empty();
        for (int i = 0; i < here.size(); i++) {
            List<Compared> different = different(here.get(i), natively.get(i));
            equal.add(different.isEmpty());
            if (first.isEmpty() && !different.isEmpty()) {
                first = different.get(0).first();
            }
        }
        return new Fidelity(equal, first);
    }

    /** Its virtual processors that did not see the same. */
    private static List<Compared> different(VmTally here, VmTally natively) {
        return IntStream.range(0, here.vcpus().size())
                .mapToObj(n -> new Compared(
                        here.name(), here.vcpus().get(n), natively.vcpus().get(n)))
                .filter(compared -> !compared.isEqual())
                .toList();
    }

    boolean isKept() {
        return vms.stream().allMatch(Boolean::booleanValue);
    }

    static String word(boolean equal) {
        return equal ? "equal" : "differs";
    }

    /** One virtual processor of that VM. */
    private record Compared(String vm, VcpuTally here, VcpuTally natively) {
        boolean isEqual() {
            Observations a = here.observations();
            Observations b = natively.observations();
            if (a.digest() == b.digest()) {
                return true;
            }
            boolean bothWhole = here.ended() && natively.ended();
            int at = a.firstDifference(b);
            return !bothWhole && (at < 0 || at >= Math.min(a.located(), b.located()));
        }

        Optional<FirstDifference> first() {
            int at = here.observations().firstDifference(natively.observations());
            if (at < 0) {
                return Optional.empty();
            }
            Observation a = here.observations().at(at);
            Observation b = natively.observations().at(at);
            boolean only = at >= here.observations().located();
            String what = only ? b.what() : a.what();
            return Optional.of(new FirstDifference(
                    vm, only ? b.operation() : a.operation(), what, shown(a, what), shown(b, what)));
        }
    }

    /** The value that it gave; or what else there was, if it was not that. */
    private static String shown(Observation observation, String what) {
        return observation.what().equals(what) ? "0x" + Long.toHexString(observation.value()) : observation.what();
    }
}
