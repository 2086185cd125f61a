package hvsim.scenarios.run;

import hvsim.cpu.Observations;
import hvsim.cpu.Tally;
import hvsim.cpu.Vcpu;
import java.util.List;

/**
 * What was counted for one virtual processor.
 *
 * @param phases what was counted in each phase of its program, at least one
 * @param ended whether its program came to its end
 */
record VcpuTally(List<Tally> phases, boolean ended, Observations observations) {
    VcpuTally {
        phases = List.copyOf(phases);
    }

    static VcpuTally of(Vcpu vcpu, List<Tally> phases) {
        return new VcpuTally(phases, vcpu.hasEnded(), vcpu.observations());
    }

    /** Of all phases. */
    Tally total() {
        Tally total = new Tally();
        phases.forEach(total::addLater);
        return total;
    }

    /** Of one phase; nothing where it did not come to it. */
    Tally phase(int number) {
        return number < phases.size() ? phases.get(number) : new Tally();
    }
}
