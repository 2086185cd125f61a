package hvsim.scenarios.run;

import hvsim.vmm.Machine;

/** How far all machines of a command are: each counts the same, in parts of a thousand. */
final class Pace {
    private static final long WHOLE = 1_000;

    private final RunControl control;
    private final long machines;
    private long finished;
    private long expectedOperations;
    private long endCycles;

    /** @param machines how many there will be */
    Pace(RunControl control, long machines) {
        this.control = control;
        this.machines = machines;
    }

    /**
     * The next machine starts.
     *
     * @param operations of all its VMs; 0 if nobody knows
     * @param endCycles when it ends at the latest
     */
    void begin(long operations, long endCycles) {
        expectedOperations = operations;
        this.endCycles = endCycles;
    }

    /** It came to its end; one that was stopped before does not. */
    void end() {
        finished++;
        control.progress(finished * WHOLE, machines * WHOLE);
    }

    boolean isStopRequested() {
        return control.isStopRequested();
    }

    void tell(Machine machine) {
        long operations = machine.vms().stream()
                .flatMap(vm -> vm.vcpus().stream())
                .mapToLong(counts -> counts.vcpu().allOperations())
                .sum();
        double byWork = expectedOperations == 0 ? 0 : (double) operations / expectedOperations;
        double part = Math.min(1, Math.max(byWork, (double) machine.clock() / endCycles));
        control.progress(finished * WHOLE + (long) (part * WHOLE), machines * WHOLE);
    }
}
