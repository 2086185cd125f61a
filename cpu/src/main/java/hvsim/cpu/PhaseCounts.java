package hvsim.cpu;

import hvsim.tlb.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** What was counted for a virtual processor in each phase of its program; a program without phases has one. */
final class PhaseCounts {
    private final List<Tally> phases = new ArrayList<>(List.of(new Tally()));
    private int current;

    Tally begin(int phase) {
        while (phases.size() <= phase) {
            phases.add(new Tally());
        }
        current = phase;
        return phases.get(phase);
    }

    List<Tally> all() {
        return List.copyOf(phases);
    }

    Tally total() {
        if (phases.size() == 1) {
            return phases.get(0);
        }
        Tally total = new Tally();
        phases.forEach(total::addLater);
        return total;
    }

    void clear() {
        phases.forEach(Tally::clear);
    }

    /** The counts of the phase under way. */
    Tally transfer(Snapshot snapshot) {
        int phase = snapshot.transfer(current);
        begin(snapshot.transfer(phases.size()) - 1);
        phases.forEach(one -> one.transfer(snapshot));
        return begin(phase);
    }
}
