package hvsim.cpu;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.ExceptionVector;
import hvsim.tlb.Snapshot;
import java.util.Arrays;

/**
 * What a guest could observe, in program order: values read from privileged state and faults delivered.
 * Time-valued reads enter by kind only. Two runs of one program are faithful to each other when their
 * observations are equal.
 */
public final class Observations {
    /** Beyond so many only the digest goes on, and a first difference is no longer located. */
    private static final int LOCATED = 1 << 20;

    private static final int WORDS = 3;

    private long digest = 0x6A09_E667_F3BC_C908L;
    private long[] log = new long[WORDS * 16];
    private int located;
    private boolean tablesAreShared;

    /**
     * From now on others change the guest's tables too: which of them first meets a missing page, or makes an address
     * space, is time. So its page faults are not observed, and CR2 and CR3 by kind only.
     */
    public void shareTables() {
        tablesAreShared = true;
    }

    /** An instruction that returned {@code value}, as the {@code operation}-th of the program. */
    void add(long operation, Instruction instruction, long value) {
        boolean tellsOfTables = instruction == Instruction.MOV_FROM_CR3 || instruction == Instruction.MOV_FROM_CR2;
        add(operation, instruction.ordinal(), tablesAreShared && tellsOfTables ? 0 : value);
    }

    /** An exception of a vector, with what the kernel is told of it. */
    void addException(long operation, int vector, long information) {
        if (!tablesAreShared || vector != ExceptionVector.PAGE_FAULT.number()) {
            add(operation, -1 - vector, information);
        }
    }

    private void add(long operation, int what, long value) {
        digest = mix(mix(mix(digest) ^ operation) ^ what) ^ value;
        if (located < LOCATED) {
            int at = WORDS * located++;
            if (at == log.length) {
                log = Arrays.copyOf(log, 2 * at);
            }
            log[at] = operation;
            log[at + 1] = what;
            log[at + 2] = value;
        }
    }

    private static long mix(long z) {
        long y = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        return (y ^ y >>> 27) * 0x94D0_49BB_1331_11EBL;
    }

    public long digest() {
        return mix(digest);
    }

    /** How many can be asked for with {@link #at}. */
    public int located() {
        return located;
    }

    /** One observed value. */
    public record Observation(long operation, String what, long value) {}

    /** Index of the first observation that differs, or -1 if all located ones are equal. */
    public int firstDifference(Observations other) {
        int common = WORDS * Math.min(located, other.located);
        int at = Arrays.mismatch(log, 0, common, other.log, 0, common);
        if (at < 0 && located != other.located) {
            at = common;
        }
        return at < 0 ? -1 : at / WORDS;
    }

    /** What was observed there; beyond the last, that nothing was. */
    public Observation at(int index) {
        if (index >= located) {
            return new Observation(0, "nothing", 0);
        }
        int what = (int) log[WORDS * index + 1];
        String name = what < 0
                ? "exception " + (-1 - what)
                : Instruction.byNumber(what).mnemonic();
        return new Observation(log[WORDS * index], name, log[WORDS * index + 2]);
    }

    void transfer(Snapshot snapshot) {
        digest = snapshot.transfer(digest);
        log = snapshot.transferResized(log);
        located = snapshot.transfer(located);
    }
}
