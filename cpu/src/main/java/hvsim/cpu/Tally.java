package hvsim.cpu;

import hvsim.tlb.Snapshot;
import java.util.Arrays;
import java.util.List;

/** What was counted for a virtual processor over some stretch of time; stretches can be added up. */
public final class Tally {
    private static final int VECTORS = 256;

    long operations;
    private long hostPassages;
    final long[] cycles = new long[CyclePart.values().length];
    private final long[] lookups = new long[4];
    private final long[] faults = new long[VECTORS];
    private final long[] translation = new long[TranslationEvent.values().length];
    private final long[] direct = new long[DirectEvent.values().length];
    private final ExitCounts exits = new ExitCounts();
    private final NestedCounts nested = new NestedCounts();
    private final RetentionCounts retention = new RetentionCounts();
    private CoreCounts core = CoreCounts.ZERO;

    /** Operations of the workload that were completed. */
    public long operations() {
        return operations;
    }

    public long cycles(CyclePart part) {
        return cycles[part.ordinal()];
    }

    public long allCycles() {
        return Arrays.stream(cycles).sum();
    }

    void spend(CyclePart part, long count) {
        cycles[part.ordinal()] += count;
    }

    void countLookups(boolean hypervisor, int side, long count) {
        lookups[(hypervisor ? 2 : 0) + side] += count;
    }

    /** First-level look-ups while this virtual processor ran: by guests, or by the hypervisor for it. */
    public long lookups(boolean hypervisor, int side) {
        return lookups[(hypervisor ? 2 : 0) + side];
    }

    void countFault(int vector) {
        faults[vector]++;
    }

    /** Exceptions and interrupts of a vector that were delivered to the guest. */
    public long faults(int vector) {
        return faults[vector];
    }

    /** So many of them. */
    public void count(TranslationEvent event, long times) {
        translation[event.ordinal()] += times;
    }

    public long translation(TranslationEvent event) {
        return translation[event.ordinal()];
    }

    /** So many of them. */
    public void count(DirectEvent event, long times) {
        direct[event.ordinal()] += times;
    }

    public long direct(DirectEvent event) {
        return direct[event.ordinal()];
    }

    public ExitCounts exits() {
        return exits;
    }

    /** What nested virtualization has led to. */
    public NestedCounts nested() {
        return nested;
    }

    /** What the hypervisor does not settle by itself is passed on. */
    public void countHostPassage() {
        hostPassages++;
    }

    /** How often others did something for the hypervisor. */
    public long hostPassages() {
        return hostPassages;
    }

    public RetentionCounts retention() {
        return retention;
    }

    /** TLB misses and walks while it ran. */
    public CoreCounts core() {
        return core;
    }

    public void add(CoreCounts more) {
        core = core.plus(more);
    }

    /** What several virtual processors did, all together. */
    public static Tally together(List<Tally> all) {
        Tally sum = new Tally();
        all.forEach(one -> {
            sum.addSums(one);
            sum.retention.addBeside(one.retention);
        });
        return sum;
    }

    public Tally copy() {
        Tally copy = new Tally();
        copy.addLater(this);
        return copy;
    }

    /** What it is to others: all its time but idling is its host's work. */
    public Tally asHost() {
        Tally host = new Tally();
        host.cycles[CyclePart.HOST.ordinal()] = allCycles() - cycles(CyclePart.IDLE);
        return host;
    }

    /** Adds what the same virtual processor did later. */
    public void addLater(Tally later) {
        addSums(later);
        retention.addLater(later.retention);
    }

    private void addSums(Tally other) {
        operations += other.operations;
        hostPassages += other.hostPassages;
        add(cycles, other.cycles);
        add(lookups, other.lookups);
        add(faults, other.faults);
        add(translation, other.translation);
        add(direct, other.direct);
        exits.add(other.exits);
        nested.add(other.nested);
        core = core.plus(other.core);
    }

    private static void add(long[] sums, long[] more) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += more[i];
        }
    }

    /** Starts to count anew. */
    void clear() {
        operations = 0;
        hostPassages = 0;
        Arrays.fill(cycles, 0);
        Arrays.fill(lookups, 0);
        Arrays.fill(faults, 0);
        Arrays.fill(translation, 0);
        Arrays.fill(direct, 0);
        exits.clear();
        nested.clear();
        retention.clear();
        core = CoreCounts.ZERO;
    }

    void transfer(Snapshot snapshot) {
        operations = snapshot.transfer(operations);
        hostPassages = snapshot.transfer(hostPassages);
        snapshot.transfer(cycles);
        snapshot.transfer(lookups);
        snapshot.transfer(faults);
        snapshot.transfer(translation);
        snapshot.transfer(direct);
        exits.transfer(snapshot);
        nested.transfer(snapshot);
        retention.transfer(snapshot);
        core = CoreCounts.transfer(core, snapshot);
    }
}
