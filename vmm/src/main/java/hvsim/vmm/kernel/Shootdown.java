package hvsim.vmm.kernel;

import hvsim.tlb.Snapshot;

/**
 * Translations that have to go on other virtual processors. Who changed a table (the initiator) asks each that runs the
 * process (its targets) by an IPI, and waits until all have answered; the frames are given back only then.
 *
 * <pre>
 *   initiator                                target
 *   entry = 0; INVLPG
 *   WRMSR ICR, target  ------- IPI ------->  enter; INVLPG or MOV CR3
 *   PAUSE, read line   <----- answer ------  write line; WRMSR EOI; IRET
 * </pre>
 *
 * A target that has come to another process meanwhile answers without work, and flushes when it comes back.
 */
final class Shootdown {
    private static final int DONE = 0;
    private static final int ASKED = 1;
    private static final int AT_WORK = 2;

    private final Processes processes;
    private final KernelSpec.Shootdowns spec;
    private final int vcpus;

    /** What each initiator asks for. */
    private final Flush[] flushes;

    /** By initiator and target. */
    private final int[] state;

    private final boolean[] offline;

    Shootdown(Processes processes, KernelSpec.Shootdowns spec, int vcpus) {
        this.processes = processes;
        this.spec = spec;
        this.vcpus = vcpus;
        this.flushes = new Flush[vcpus];
        for (int i = 0; i < vcpus; i++) {
            flushes[i] = new Flush();
        }
        this.state = new int[vcpus * vcpus];
        this.offline = new boolean[vcpus];
    }

    /** What the virtual processor is about to invalidate. */
    Flush of(int initiator) {
        return flushes[initiator];
    }

    /** The tables were changed: drops the translations here, and asks the others. Nothing, if nothing was mapped. */
    void begin(int initiator, KernelCode code) {
        Flush flush = flushes[initiator];
        if (flush.isEmpty()) {
            return;
        }
        flush.seal(processes);
        flush.reaches(drop(initiator, flush, code));
        for (int target = 0; target < vcpus; target++) {
            if (target != initiator && concerns(target, flush.process())) {
                state[initiator * vcpus + target] = ASKED;
                code.sendInterrupt(target, Interrupts.CALL_VECTOR);
            }
        }
    }

    private boolean concerns(int target, int process) {
        if (offline[target]) {
            return false;
        }
        return processes.current(target) == process || !spec.lazy() && processes.seen(target, process) != 0;
    }

    /**
     * The code that {@link #begin} wrote has run. Not before: a request of another that interrupts it must not be
     * answered by what is still to be dropped.
     */
    void dropped(int initiator) {
        Flush flush = flushes[initiator];
        if (!flush.isEmpty()) {
            long seen = processes.seen(initiator, flush.process());
            processes.hasSeen(initiator, flush.process(), Math.max(seen, flush.reached()));
        }
    }

    /**
     * As Linux: who has heard of all changes but this one drops its pages; else everything of the process goes.
     *
     * @return the last change that it has heard of when the code has run
     */
    private long drop(int vcpu, Flush flush, KernelCode code) {
        long seen = processes.seen(vcpu, flush.process());
        if (processes.current(vcpu) != flush.process() || seen >= flush.generation()) {
            return seen;
        }
        if (seen == flush.generation() - 1 && flush.pages() <= spec.batch()) {
            flush.invalidate(code);
            return flush.generation();
        }
        code.loadCr3(processes.cr3(flush.process()));
        return processes.space(flush.process()).generation();
    }

    /** The target's handler, which nothing interrupts: does what it was asked for by any. */
    void handle(int target, KernelCode code) {
        for (int initiator = 0; initiator < vcpus; initiator++) {
            int at = initiator * vcpus + target;
            if (state[at] == ASKED) {
                state[at] = AT_WORK;
                Flush flush = flushes[initiator];
                processes.hasSeen(target, flush.process(), drop(target, flush, code));
                code.answer(initiator);
            }
        }
    }

    /** The target has come to the end of what it found when it began. */
    void answer(int target) {
        for (int initiator = 0; initiator < vcpus; initiator++) {
            int at = initiator * vcpus + target;
            state[at] = state[at] == AT_WORK ? DONE : state[at];
        }
    }

    boolean owesAnswer(int initiator, int target) {
        return state[initiator * vcpus + target] != DONE;
    }

    /** Whether all have answered. */
    boolean isDone(int initiator) {
        for (int target = 0; target < vcpus; target++) {
            if (state[initiator * vcpus + target] != DONE) {
                return false;
            }
        }
        return true;
    }

    /** A virtual processor executes nothing any more: nobody waits for it. */
    void offline(int vcpu) {
        offline[vcpu] = true;
        for (int initiator = 0; initiator < vcpus; initiator++) {
            state[initiator * vcpus + vcpu] = DONE;
        }
    }

    void transfer(Snapshot snapshot) {
        for (Flush flush : flushes) {
            flush.transfer(snapshot);
        }
        snapshot.transfer(state);
        for (int i = 0; i < vcpus; i++) {
            offline[i] = snapshot.transfer(offline[i]);
        }
    }
}
