package hvsim.vmm.schedule;

import java.util.List;

/**
 * A virtual processor as the scheduler knows it.
 *
 * @param cores those it may run on, ascending; empty for all
 * @param weight its share of a core, against the weights of the others; at least 1
 * @param serves whether it is there for the others alone: nobody waits for its end, which never comes
 */
public record Candidate(List<Integer> cores, int weight, boolean serves) {
    public Candidate {
        cores = List.copyOf(cores);
        if (weight < 1) {
            throw new IllegalArgumentException("a weight of " + weight + "; at least 1");
        }
    }

    /** One that has something of its own to do. */
    public Candidate(List<Integer> cores, int weight) {
        this(cores, weight, false);
    }

    boolean mayRunOn(int core) {
        return cores.isEmpty() || cores.contains(core);
    }
}
