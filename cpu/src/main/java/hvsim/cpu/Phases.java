package hvsim.cpu;

import hvsim.tlb.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** What operations take, and what was counted, in each phase of a program; one without phases has one. */
final class Phases {
    private final int[] operationCycles;
    private final List<Tally> phases = new ArrayList<>(List.of(new Tally()));
    private int current;
    private long uncountedOperations;
    private boolean counting;

    /** @param operationCycles in each phase, the last one from there on */
    Phases(int... operationCycles) {
        this.operationCycles = operationCycles.clone();
    }

    /** Ordinary work of one operation in the phase under way. */
    int operationCycles() {
        return operationCycles[Math.min(current, operationCycles.length - 1)];
    }

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

    /** Operations that were completed, those before counting started among them. */
    long allOperations() {
        return uncountedOperations + total().operations();
    }

    /** What was counted so far was the warm-up. */
    void startCounting() {
        counting = true;
        clear();
    }

    boolean isCounting() {
        return counting;
    }

    void clear() {
        uncountedOperations += total().operations();
        phases.forEach(Tally::clear);
    }

    /** The counts of the phase under way. */
    Tally transfer(Snapshot snapshot) {
        int phase = snapshot.transfer(current);
        begin(snapshot.transfer(phases.size()) - 1);
        phases.forEach(one -> one.transfer(snapshot));
        uncountedOperations = snapshot.transfer(uncountedOperations);
        counting = snapshot.transfer(counting);
        return begin(phase);
    }
}
