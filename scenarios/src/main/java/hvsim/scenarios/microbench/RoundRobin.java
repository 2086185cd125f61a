package hvsim.scenarios.microbench;

import hvsim.cpu.instruction.Instruction;
import java.util.List;

/**
 * {@code ple_round_robin}: the turn goes round among the virtual processors; who has it not waits with PAUSE, as for a lock.
 *
 * <p>Source: x86/vmexit.c of kvm-unit-tests.
 */
final class RoundRobin implements Measured {
    private static final List<Long> LOOK =
            TimedProgram.join(List.of(TimedProgram.instruction(Instruction.PAUSE, 0), TimedProgram.SPIN));

    private final Stopwatch watch = new Stopwatch();
    private int turn;
    private boolean over;

    TimedProgram[] programs() {
        return new TimedProgram[] {new Waiting(0), new Waiting(1)};
    }

    @Override
    public double cycles() {
        return watch.cycles();
    }

    private final class Waiting extends TimedProgram {
        private final int number;

        Waiting(int number) {
            this.number = number;
        }

        @Override
        List<Long> next() {
            if (over) {
                return List.of();
            }
            if (turn != number) {
                return LOOK;
            }
            over = number == 0 && !watch.lap(now());
            turn = 1 - turn;
            return over ? List.of() : SPIN;
        }
    }
}
