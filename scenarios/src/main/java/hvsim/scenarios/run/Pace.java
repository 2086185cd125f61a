package hvsim.scenarios.run;

import hvsim.vmm.Machine;

/** How far all machines of a command are: each counts the same, in parts of a thousand. */
final class Pace {
    private static final long WHOLE = 1_000;

    private final RunControl control;
    private final long machines;
    private long finished;
    private long expectedOperations;

    /** @param machines how many there will be */
    Pace(RunControl control, long machines) {
        this.control = control;
        this.machines = machines;
    }

    /** @param operations of all its VMs; 0 if nobody knows */
    void begin(long operations) {
        expectedOperations = operations;
    }

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
        double part = expectedOperations == 0 ? 0 : Math.min(1, (double) operations / expectedOperations);
        control.progress(finished * WHOLE + (long) (part * WHOLE), machines * WHOLE);
    }
}
