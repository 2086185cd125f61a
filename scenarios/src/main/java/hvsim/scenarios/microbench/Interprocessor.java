package hvsim.scenarios.microbench;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.instruction.Instruction;
import java.util.List;

/**
 * {@code ipi}: one virtual processor has another call a function that does nothing, and waits until it has. The other one
 * waits too, by HLT or, where that does not exit, as if by it.
 *
 * <p>The two cores' clocks agree only to within the time an interrupt takes from one to the other, so the sender may see
 * the answer late. A lap is therefore counted from the command to the answer, or to the moment from which the sender
 * could have seen it, if that is later.
 *
 * <p>Source: x86/vmexit.c, lib/x86/smp.c of kvm-unit-tests.
 */
final class Interprocessor implements Measured {
    private static final int WARM_UP = 64;
    private static final int MEASURED = 256;
    private static final int NEVER = -1;

    /** Interrupts come during HLT only, so that none is there before it. */
    private static final List<Long> HALT = TimedProgram.join(List.of(
            TimedProgram.instruction(Instruction.STI, 0),
            TimedProgram.instruction(Instruction.HLT, 0),
            TimedProgram.instruction(Instruction.CLI, 0)));

    private final boolean halts;
    private int laps;
    private long answeredAt = NEVER;
    private long sum;

    /** @param halts whether the other one executes HLT, which exits */
    Interprocessor(boolean halts) {
        this.halts = halts;
    }

    TimedProgram[] programs() {
        return new TimedProgram[] {new Sender(), new Receiver()};
    }

    @Override
    public double cycles() {
        return (double) sum / MEASURED;
    }

    private boolean isOver() {
        return laps > WARM_UP + MEASURED;
    }

    private final class Sender extends TimedProgram {
        private long sentAt = NEVER;
        private long backAt = NEVER;

        @Override
        List<Long> next() {
            if (isOver()) {
                return List.of(); // the last one ends the other one's wait
            }
            backAt = sentAt != NEVER && backAt == NEVER ? now() : backAt;
            if (sentAt != NEVER && answeredAt == NEVER) {
                return SPIN;
            }
            if (laps > WARM_UP) {
                sum += Math.max(answeredAt, backAt) - sentAt;
            }
            laps++;
            answeredAt = NEVER;
            backAt = NEVER;
            sentAt = now();
            return wrmsr(ApicMsr.COMMAND, InterruptCommand.fixed(VECTOR, 1).encode());
        }
    }

    private final class Receiver extends TimedProgram {
        @Override
        List<Long> next() {
            if (isOver()) {
                return List.of();
            }
            if (wasInterrupted()) {
                answeredAt = now();
                return END_OF_INTERRUPT;
            }
            return halts ? HALT : SPIN;
        }
    }
}
