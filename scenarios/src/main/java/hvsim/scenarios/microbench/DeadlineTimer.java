package hvsim.scenarios.microbench;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Instruction;
import java.util.List;

/**
 * {@code tscdeadline}: the timer is set to go off in 3,000 cycles, and waited for.
 *
 * <p>Source: x86/vmexit.c of kvm-unit-tests.
 */
final class DeadlineTimer extends TimedProgram implements Measured {
    static final List<Long> SET_UP = wrmsr(ApicMsr.TIMER, 2 << 17 | VECTOR);

    private static final int AHEAD_CYCLES = 3000;

    private final Stopwatch watch = new Stopwatch();
    private Step step = Step.SET_UP;

    private enum Step {
        SET_UP,
        ARM,
        WAIT
    }

    @Override
    List<Long> next() {
        return switch (step) {
            case SET_UP -> {
                step = Step.ARM;
                yield SET_UP;
            }
            case ARM -> {
                step = Step.WAIT;
                yield watch.lap(now())
                        ? join(List.of(
                                instruction(Instruction.RDTSC, 0), wrmsr(ApicMsr.TSC_DEADLINE, now() + AHEAD_CYCLES)))
                        : List.of();
            }
            case WAIT -> {
                step = wasInterrupted() ? Step.ARM : Step.WAIT;
                yield step == Step.ARM ? END_OF_INTERRUPT : SPIN;
            }
        };
    }

    @Override
    public double cycles() {
        return watch.cycles();
    }
}
