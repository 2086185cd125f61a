package hvsim.scenarios.microbench;

import hvsim.cpu.GuestOp;
import hvsim.cpu.OpStream;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Instruction;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A guest's program that is written one step at a time, by an author who sees the core's clock: what stands for reading
 * the time-stamp counter, and for waiting until a handler has been there.
 */
abstract class TimedProgram implements OpStream {
    /** Of the guest's timer and of its interrupts to itself and others: one that its kernel does nothing else with. */
    static final int VECTOR = 0xE1;

    static final List<Long> END_OF_INTERRUPT = wrmsr(ApicMsr.END_OF_INTERRUPT, 0);

    /** A step of waiting. */
    static final List<Long> SPIN = List.of(GuestOp.work(8));

    private static final int APIC_ENABLED = 0x1FF;

    private LongSupplier clock = () -> 0;
    private LongSupplier deliveries = () -> 0;
    private long seenDeliveries;
    private boolean started;

    static List<Long> wrmsr(int msr, long value) {
        return List.of(GuestOp.instructionWithValue(Instruction.WRMSR, 0, msr), value);
    }

    static List<Long> instruction(Instruction instruction, int operand) {
        return List.of(GuestOp.instruction(instruction, 0, operand));
    }

    /** @param ofVector how often an interrupt of {@link #VECTOR} was delivered to its virtual processor */
    void watch(LongSupplier coreClock, LongSupplier ofVector) {
        clock = coreClock;
        deliveries = ofVector;
    }

    /** Whether the kernel has handled an interrupt since this was last asked. */
    final boolean wasInterrupted() {
        long before = seenDeliveries;
        seenDeliveries = deliveries.getAsLong();
        return seenDeliveries != before;
    }

    final long now() {
        return clock.getAsLong();
    }

    /** The next words; none at the end. */
    abstract List<Long> next();

    @Override
    public final int fill(long[] batch) {
        List<Long> words = started ? next() : start();
        started = true;
        for (int i = 0; i < words.size(); i++) {
            batch[i] = words.get(i);
        }
        return words.size();
    }

    private static List<Long> start() {
        return join(List.of(wrmsr(ApicMsr.SPURIOUS_INTERRUPT, APIC_ENABLED), instruction(Instruction.STI, 0)));
    }

    static List<Long> join(List<List<Long>> parts) {
        return parts.stream().flatMap(List::stream).toList();
    }

    @Override
    public final long[] position() {
        throw new UnsupportedOperationException("a benchmark is not saved");
    }

    @Override
    public final void seek(long[] to) {
        throw new UnsupportedOperationException("a benchmark is not saved");
    }
}
