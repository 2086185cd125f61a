package hvsim.scenarios.run;

import hvsim.cpu.Tally;
import java.util.ArrayList;
import java.util.List;

/** What all virtual processors of a machine did between two times of its clock. */
record Stretch(long startCycles, long endCycles, Tally counts) {
    /** Machines that ran one after the other, as if they had begun together. */
    static List<Stretch> together(List<List<Stretch>> machines) {
        List<Stretch> all = new ArrayList<>();
        for (List<Stretch> machine : machines) {
            for (int i = 0; i < machine.size(); i++) {
                if (i < all.size()) {
                    all.set(i, all.get(i).with(machine.get(i)));
                } else {
                    all.add(machine.get(i));
                }
            }
        }
        return all;
    }

    private Stretch with(Stretch other) {
        return new Stretch(
                Math.min(startCycles, other.startCycles),
                Math.max(endCycles, other.endCycles),
                Tally.together(List.of(counts, other.counts)));
    }
}
