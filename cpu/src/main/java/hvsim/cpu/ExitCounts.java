package hvsim.cpu;

import hvsim.cpu.event.TrapReason;
import hvsim.cpu.state.Passage;
import hvsim.cpu.vmx.ExitReason;
import hvsim.tlb.Snapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Passages to the hypervisor, VM exits or traps, by reason: how many, and how long each took to the end of the return. */
public final class ExitCounts {
    /** All ways there are, by their places. */
    public static final List<Passage> PASSAGES = Stream.<Passage>concat(
                    Stream.of(ExitReason.values()), Stream.of(TrapReason.values()))
            .toList();

    private static final int REASONS = PASSAGES.size();

    /** Where details have the number of what a hypervisor found. */
    public static final int KIND_SHIFT = 8;

    private static final int OPERAND_BITS = 40;

    private final long[] samples = new long[REASONS];
    private final long[] cycles = new long[REASONS];
    private final long[] minCycles = new long[REASONS];
    private final long[] maxCycles = new long[REASONS];
    private final TreeMap<Long, Long> details = new TreeMap<>();

    /** Which exits of a reason: an operand such as a port, or a register number. */
    static long detail(Passage reason, long operand) {
        return first(reason.place()) | operand;
    }

    private static long first(int place) {
        return (long) place << OPERAND_BITS;
    }

    void begin(long detail) {
        details.merge(detail, 1L, Long::sum);
    }

    /**
     * The hypervisor has found out what the exit that just happened was about.
     *
     * @param operand it was counted under so far, below 256
     * @param kind number of what it turned out to be, from 1
     */
    public void refine(Passage reason, int operand, int kind) {
        details.computeIfPresent(detail(reason, operand), (detail, count) -> count == 1 ? null : count - 1);
        begin(detail(reason, (long) kind << KIND_SHIFT | operand));
    }

    void end(Passage reason, long took) {
        int r = reason.place();
        minCycles[r] = samples[r] == 0 ? took : Math.min(minCycles[r], took);
        maxCycles[r] = Math.max(maxCycles[r], took);
        samples[r]++;
        cycles[r] += took;
    }

    public long samples(Passage reason) {
        return samples[reason.place()];
    }

    public long cycles(Passage reason) {
        return cycles[reason.place()];
    }

    /** The shortest; 0 where there was none. */
    public long minCycles(Passage reason) {
        return minCycles[reason.place()];
    }

    public long maxCycles(Passage reason) {
        return maxCycles[reason.place()];
    }

    /** Samples by operand, in order of the operand; empty where the reason has none. */
    public Map<Long, Long> details(Passage reason) {
        Map<Long, Long> found = new TreeMap<>();
        details.subMap(first(reason.place()), first(reason.place() + 1))
                .forEach((detail, count) -> found.put(detail & (1L << OPERAND_BITS) - 1, count));
        return found;
    }

    void add(ExitCounts other) {
        for (int r = 0; r < REASONS; r++) {
            if (other.samples[r] > 0) {
                minCycles[r] = samples[r] == 0 ? other.minCycles[r] : Math.min(minCycles[r], other.minCycles[r]);
                maxCycles[r] = Math.max(maxCycles[r], other.maxCycles[r]);
            }
            samples[r] += other.samples[r];
            cycles[r] += other.cycles[r];
        }
        other.details.forEach((detail, count) -> details.merge(detail, count, Long::sum));
    }

    /** Starts to count anew. */
    void clear() {
        Arrays.fill(samples, 0);
        Arrays.fill(cycles, 0);
        Arrays.fill(minCycles, 0);
        Arrays.fill(maxCycles, 0);
        details.clear();
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(samples);
        snapshot.transfer(cycles);
        snapshot.transfer(minCycles);
        snapshot.transfer(maxCycles);
        int size = snapshot.transfer(details.size());
        long[] pairs = new long[2 * size];
        int at = 0;
        for (Map.Entry<Long, Long> e : details.entrySet()) {
            if (!snapshot.isLoading()) {
                pairs[at++] = e.getKey();
                pairs[at++] = e.getValue();
            }
        }
        snapshot.transfer(pairs);
        details.clear();
        for (int i = 0; i < pairs.length; i += 2) {
            details.put(pairs[i], pairs[i + 1]);
        }
    }
}
