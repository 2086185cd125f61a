package hvsim.benchmarks;

import hvsim.cpu.Core;
import hvsim.cpu.RunOutcome;
import hvsim.vmm.Machine;
import hvsim.vmm.MachineSpec;

/** A machine whose program is a {@link WordLoop}, past its first round: it only translates from now on. */
final class SteadyMachine {
    private static final long STEP_CYCLES = 1 << 20;

    private final Core core;

    SteadyMachine(MachineSpec spec, WordLoop program) {
        Machine machine = new Machine(spec);
        while (!program.isPastFirstRound()) {
            machine.run(machine.clock() + STEP_CYCLES);
        }
        core = machine.core(0);
        round();
    }

    /** Goes on to the next MARK; returns the clock, so that nothing is left out as unused. */
    long round() {
        RunOutcome outcome = core.run(Long.MAX_VALUE);
        if (outcome != RunOutcome.MARK) {
            throw new IllegalStateException("a round ended with " + outcome);
        }
        return core.clock();
    }
}
