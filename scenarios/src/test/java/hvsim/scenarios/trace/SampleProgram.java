package hvsim.scenarios.trace;

import hvsim.cpu.GuestOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A short program with two threads: what the samples of every format are recordings of. */
final class SampleProgram {
    private static final long CODE = 0x401000;
    private static final long HEAP = 0x7f12_3456_7ff0L;
    private static final long STACK = 0x7ffd_90c1_3950L;
    private static final long NONE = 0;

    /** One execution of an instruction; address 0 is no operand. */
    record Step(int thread, long ip, int length, long load, int loadBytes, long store, int storeBytes) {
        boolean hasOperand() {
            return load != NONE || store != NONE;
        }
    }

    /** What a format leaves of a program. */
    record Loss(boolean allFetches, boolean fetchSizes, boolean dataSizes) {
        static final Loss NOTHING = new Loss(true, true, true);
    }

    private SampleProgram() {}

    /** Copies words from one place to another, calls something between, and goes on in a second thread. */
    static List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int thread = i / 4 % 2;
            long stack = STACK - 0x10000L * thread;
            steps.add(new Step(thread, CODE, 4, HEAP + 8L * i, 8, NONE, 0));
            steps.add(new Step(thread, CODE + 4, 3, NONE, 0, NONE, 0));
            steps.add(new Step(thread, CODE + 7, 5, NONE, 0, stack, 8));
            steps.add(new Step(thread, CODE + 0x2000, 1, stack, 8, stack - 4L * i, 4));
            steps.add(new Step(thread, CODE + 0x2001, 7, HEAP + 4096L * i, 32, NONE, 0));
            steps.add(new Step(thread, CODE + 0xffe, 4, NONE, 0, HEAP + 1, 2));
        }
        return steps;
    }

    static List<Step> steps(int thread) {
        return steps().stream().filter(step -> step.thread() == thread).toList();
    }

    static long[] words(List<Step> steps, Loss loss) {
        long[] words = new long[Words.MOST * 3 * steps.size()];
        int n = 0;
        for (Step step : steps) {
            if (loss.allFetches() || step.hasOperand()) {
                n = Words.put(words, n, GuestOp.FETCH, step.ip(), loss.fetchSizes() ? step.length() : 1);
            }
            n = operand(words, n, GuestOp.READ, step.load(), loss.dataSizes() ? step.loadBytes() : 1);
            n = operand(words, n, GuestOp.WRITE, step.store(), loss.dataSizes() ? step.storeBytes() : 1);
        }
        return Arrays.copyOf(words, n);
    }

    private static int operand(long[] words, int n, int access, long address, int bytes) {
        return address == NONE ? n : Words.put(words, n, access, address, bytes);
    }
}
