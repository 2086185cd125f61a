package hvsim.cpu;

import hvsim.cpu.state.Registers;
import hvsim.tlb.Snapshot;

/**
 * What a virtual processor runs: the workload at the bottom, programs of the guest's kernel on top of it. The top one
 * runs, and an operation that was stopped is tried again when it is on top again.
 */
final class ProgramStack {
    private static final int BATCH_WORDS = 1 << 12;
    private static final int MAX_KERNEL_DEPTH = 8;
    private static final int KERNEL_PROGRAM_WORDS = 64;
    private static final int USER = 3;

    private final String owner;
    private final OpStream stream;
    private final Registers registers;
    private final Program workload = new Program(BATCH_WORDS);
    private final Program[] kernel = new Program[MAX_KERNEL_DEPTH];
    private final HandlerReturns returns = new HandlerReturns(MAX_KERNEL_DEPTH);
    private int depth;
    private boolean ended;

    /** @param registers of the owner: a handler's end gives RFLAGS back */
    ProgramStack(String owner, OpStream stream, Registers registers) {
        this.owner = owner;
        this.stream = stream;
        this.registers = registers;
        for (int i = 0; i < MAX_KERNEL_DEPTH; i++) {
            kernel[i] = new Program(KERNEL_PROGRAM_WORDS);
        }
    }

    /** See {@link Vcpu#pushKernelProgram}. */
    Program push() {
        if (depth > 0 && kernel[depth - 1].isDone() && returns.takesOver(depth - 1)) {
            return kernel[depth - 1].clear();
        }
        if (depth == MAX_KERNEL_DEPTH) {
            throw new IllegalStateException(owner + ": the guest's kernel faults within its own fault handlers");
        }
        returns.push(depth);
        return kernel[depth++].clear();
    }

    /** The program that runs next, after finished ones were taken away and the workload was asked for more. */
    Program current() {
        while (depth > 0) {
            if (!kernel[depth - 1].isDone()) {
                return kernel[depth - 1];
            }
            depth--;
            returns.pop(depth, registers);
        }
        if (workload.isDone() && !ended) {
            workload.clear().length = stream.fill(workload.words);
            ended = workload.length == 0;
        }
        return workload;
    }

    HandlerReturns returns() {
        return returns;
    }

    boolean isWorkload(Program program) {
        return program == workload;
    }

    /** Whether none of the kernel's programs is under way. */
    boolean isInWorkload() {
        return depth == 0;
    }

    boolean hasEnded() {
        return ended && depth == 0;
    }

    int cpl() {
        return depth > 0 ? 0 : USER;
    }

    /** Writes or reads everything, the position in the workload included. */
    void transfer(Snapshot snapshot) {
        workload.transfer(snapshot);
        for (Program program : kernel) {
            program.transfer(snapshot);
        }
        depth = snapshot.transfer(depth);
        ended = snapshot.transfer(ended);
        returns.transfer(snapshot);
        long[] position = snapshot.transferResized(snapshot.isLoading() ? new long[0] : stream.position());
        if (snapshot.isLoading()) {
            stream.seek(position);
        }
    }
}
