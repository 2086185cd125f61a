package hvsim.benchmarks;

import hvsim.cpu.GuestOp;
import hvsim.cpu.OpStream;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.vmm.MachineSpec;
import java.util.Arrays;

/** Guests that do nothing but exit. */
public enum ExitCase {
    /** The shortest handler. */
    CPUID(ExitReason.CPUID),
    /** The handler backs a page of the guest; the access is then tried again. */
    EPT_VIOLATION(ExitReason.EPT_VIOLATION),
    /** Two guests halt in turn: each exit is the other one's turn. */
    WORLD_SWITCH(ExitReason.HLT);

    private static final int PAGE_BYTES = 4096;
    private static final long FIRST_GVA = 1L << 32;

    private final ExitReason reason;

    ExitCase(ExitReason reason) {
        this.reason = reason;
    }

    ExitReason reason() {
        return reason;
    }

    /** A machine whose guests, before they end, exit that many times for the reason. */
    MachineSpec machine(int exits) {
        OpStream[] programs = switch (this) {
            case CPUID -> new OpStream[] {repeat(Instruction.CPUID, exits)};
            case EPT_VIOLATION -> new OpStream[] {touch(exits)};
            case WORLD_SWITCH ->
                new OpStream[] {repeat(Instruction.HLT, exits / 2), repeat(Instruction.HLT, exits / 2)};
        };
        return Shapes.nested(Shapes.plain(), Shapes.walk(true, 32), false, programs);
    }

    private static OpStream repeat(Instruction instruction, int times) {
        long[] words = new long[times];
        Arrays.fill(words, GuestOp.instruction(instruction, 0, 0));
        return new WordProgram(words);
    }

    private static OpStream touch(int pages) {
        long[] words = new long[2 * pages];
        for (int page = 0; page < pages; page++) {
            long gva = FIRST_GVA + (long) page * PAGE_BYTES;
            words[2 * page] = GuestOp.premap(gva);
            words[2 * page + 1] = GuestOp.memory(GuestOp.READ, gva, 8);
        }
        return new WordProgram(words);
    }
}
