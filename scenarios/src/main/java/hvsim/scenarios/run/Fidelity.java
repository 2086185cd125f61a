package hvsim.scenarios.run;

import hvsim.cpu.Observations;
import hvsim.cpu.Observations.Observation;
import hvsim.scenarios.run.RunResult.FirstDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
            boolean same = true;
            for (int vcpu = 0; vcpu < here.get(i).vcpus().size(); vcpu++) {
                VcpuTally one = here.get(i).vcpus().get(vcpu);
                VcpuTally other = natively.get(i).vcpus().get(vcpu);
                same &= isEqual(one, other);
                first = same || first.isPresent() ? first : firstDifference(one, other);
            }
            equal.add(same);
        }
        return new Fidelity(equal, first);
    }

    boolean isKept() {
        return vms.stream().allMatch(Boolean::booleanValue);
    }

    static String word(boolean equal) {
        return equal ? "equal" : "differs";
    }

    private static boolean isEqual(VcpuTally here, VcpuTally natively) {
        Observations a = here.observations();
        Observations b = natively.observations();
        if (a.digest() == b.digest()) {
            return true;
        }
        boolean bothWhole = here.ended() && natively.ended();
        int at = a.firstDifference(b);
        return !bothWhole && (at < 0 || at >= Math.min(a.located(), b.located()));
    }

    private static Optional<FirstDifference> firstDifference(VcpuTally here, VcpuTally natively) {
        int at = here.observations().firstDifference(natively.observations());
        if (at < 0) {
            return Optional.empty();
        }
        Observation a = here.observations().at(at);
        Observation b = natively.observations().at(at);
        boolean only = at >= here.observations().located();
        return Optional.of(new FirstDifference(
                here.name(),
                only ? b.operation() : a.operation(),
                only ? b.what() : a.what(),
                shown(a, here.observations().located() > at),
                shown(b, natively.observations().located() > at)));
    }

    private static String shown(Observation observation, boolean there) {
        return there ? "0x" + Long.toHexString(observation.value()) : observation.what();
    }
}
