package hvsim.vmm.schedule;

import java.util.List;

/**
 * A virtual processor as the scheduler knows it.
 *
 * @param cores those it may run on, ascending; empty for all
 * @param weight its share of a core, against the weights of the others; at least 1
 */
public record Candidate(List<Integer> cores, int weight) {
    public Candidate {
        cores = List.copyOf(cores);
        if (weight < 1) {
            throw new IllegalArgumentException("a weight of " + weight + "; at least 1");
        }
    }

    boolean mayRunOn(int core) {
        return cores.isEmpty() || cores.contains(core);
    }
}
