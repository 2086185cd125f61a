package hvsim.cpu;

import hvsim.cpu.state.Registers;
import hvsim.tlb.Snapshot;

/**
 * Which of a guest's kernel programs handle events: at their end they return as IRET does. A program has no stack, so
 * RFLAGS of what was interrupted is kept here.
 */
final class HandlerReturns {
    private static final long NO_HANDLER = -1;

    private final long[] rflags;
    private long interrupted = NO_HANDLER;
    private boolean returned;

    HandlerReturns(int depth) {
        rflags = new long[depth];
    }

    /** An event was delivered; the next program is its handler. */
    void interrupt(long rflagsBefore) {
        interrupted = rflagsBefore;
    }

    /** What was delivered goes on without a program of its own: it returns when it says so. */
    void goesOnByItself() {
        interrupted = NO_HANDLER;
    }

    void push(int depth) {
        rflags[depth] = interrupted;
        interrupted = NO_HANDLER;
    }

    /** Whether the next program can take the place of one that is done; two handlers return one after the other. */
    boolean takesOver(int depth) {
        if (interrupted != NO_HANDLER && rflags[depth] != NO_HANDLER) {
            return false;
        }
        if (interrupted != NO_HANDLER) {
            push(depth);
        }
        return true;
    }

    void pop(int depth, Registers registers) {
        if (rflags[depth] != NO_HANDLER) {
            registers.rflags = rflags[depth];
            returned = true;
        }
    }

    /** Whether a handler came to its end since this was last asked. */
    boolean takeReturned() {
        boolean result = returned;
        returned = false;
        return result;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(rflags);
        interrupted = snapshot.transfer(interrupted);
        returned = snapshot.transfer(returned);
    }
}
